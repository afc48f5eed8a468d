"""What endpoints of the shop answer when they refuse, for the schema."""

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from rest.errors import BadRequest
from rest.idempotency import HEADER

REFUSED = {400: OpenApiResponse(BadRequest, "What is wrong, field by field.")}
REUSED = {422: OpenApiResponse(BadRequest, f"The {HEADER} was used with another body.")}


def stands(description: str, detail: str) -> dict[int, OpenApiResponse]:
    """409: how the row stands, it cannot be done."""
    error = {"code": "state", "detail": detail, "attr": "status"}
    example = OpenApiExample("Refused", {"type": "client_error", "errors": [error]})
    return {409: OpenApiResponse(BadRequest, description, examples=[example])}

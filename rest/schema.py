"""What the schema says of every operation without being told: which errors it can answer."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import CharField
from rest_framework.throttling import BaseThrottle

from rest import idempotency
from rest.errors import Errors
from rest.rows import Rows

_CLIENT, _SERVER = "client_error", "server_error"
# For each status: the name in the schema, what it means, and an example's type, code and detail.
ERRORS: dict[str, tuple[str, str, tuple[str, str, str] | None]] = {
    "400": (
        "BadRequest",
        "Something in the request is wrong: `errors` names the field, and says what to do.",
        ("validation_error", "required", "This field is required."),
    ),
    "401": (
        "NotSignedIn",
        "No token, or one that is wrong, has expired or was revoked.",
        (_CLIENT, "not_authenticated", "Authentication credentials were not provided."),
    ),
    "403": (
        "NotAllowed",
        "Signed in, but without the permission for this.",
        (_CLIENT, "permission_denied", "This takes staff with the permission to do it."),
    ),
    "404": (
        "NotFound",
        "There is no such thing, or it is somebody else's.",
        (_CLIENT, "not_found", "Not found."),
    ),
    "405": (
        "OtherMethod",
        "The address knows other methods: see `Allow`.",
        (_CLIENT, "method_not_allowed", 'Method "PATCH" not allowed.'),
    ),
    "406": (
        "NoSuchFormat",
        "`Accept` asks for what there is not: answers are JSON.",
        (_CLIENT, "not_acceptable", "Could not satisfy the request Accept header."),
    ),
    "409": (
        "Conflict",
        "How the thing stands, this cannot be done: read it again.",
        (_CLIENT, "state", "The order is delivered already."),
    ),
    "413": (
        "TooLarge",
        "The body is too large.",
        (_CLIENT, "too_large", "Give at most 2,621,440 bytes."),
    ),
    "414": (
        "TooLong",
        "The address is longer than 4,094 characters. The web server says so, as a page.",
        None,
    ),
    "415": (
        "NotJson",
        "The body has to be JSON, and `Content-Type` to say so.",
        (_CLIENT, "unsupported_media_type", 'Unsupported media type "text/plain" in request.'),
    ),
    "422": (
        "OtherBody",
        f"The {idempotency.HEADER} was used with another body.",
        (_CLIENT, idempotency.OtherBody.default_code, idempotency.OtherBody.default_detail),
    ),
    "429": (
        "TooOften",
        "Too many requests.",
        (_CLIENT, "throttled", "Too many requests. Try again in 17 seconds."),
    ),
    "500": (
        "OurFault",
        "Something broke on our side; it is logged.",
        (_SERVER, "error", "Something broke on our side; it is logged."),
    ),
}
HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "`Bearer`."}},
    "405": {"Allow": {"schema": {"type": "string"}, "description": "The methods there are."}},
    "429": {
        "Retry-After": {
            "schema": {"type": "integer", "minimum": 1},
            "description": "Seconds until it makes sense to ask again.",
        }
    },
}


class Schema(AutoSchema):
    """Each error is described once, as a component, and every operation points to those it can answer."""

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        told: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return told
        for code, answer in told.items():
            if code in ERRORS and not answer.get("description"):
                answer["description"] = ERRORS[code][1]
        return dict(sorted(({code: self._error(code) for code in self._codes()} | told).items()))

    def _get_parameters(self) -> list[dict[str, Any]]:
        """`?status=` is how a form says that it does not filter (`rest.pages.given`)."""
        found: list[dict[str, Any]] = super()._get_parameters()
        return [each | {"allowEmptyValue": True} if each["in"] == "query" else each for each in found]

    def _map_serializer_field(self, field: Any, direction: Direction, bypass_extensions: bool = False) -> Any:
        found = super()._map_serializer_field(field, direction, bypass_extensions)
        if direction == "request" and found.get("type") == "string" and _needs_letters(field):
            return {"pattern": r"\S"} | found
        return found | _lengths(field) if "array" in str(found.get("type")) else found

    def _codes(self) -> list[str]:
        can = {
            "400": self._reads_body() or bool(self._get_parameters()),
            "401": self._asks_who(),
            "403": self._asks_who(),
            "404": "{" in self.path,
            "405": True,
            "406": True,
            "409": isinstance(self.view, Rows) and self.method not in SAFE_METHODS,
            "413": self._reads_body(),
            "414": "{" in self.path or any(found["in"] == "query" for found in self._get_parameters()),
            "415": self._reads_body(),
            "422": any(found["name"] == idempotency.HEADER for found in self._get_parameters()),
            "429": self._asks_who() or self._is_throttled(),
            "500": True,
        }
        return [code for code, is_possible in can.items() if is_possible]

    def _reads_body(self) -> bool:
        return self.method not in SAFE_METHODS and self.get_request_serializer() is not None

    def _asks_who(self) -> bool:
        return bool(self.view.get_authenticators())

    def _is_throttled(self) -> bool:
        return any(isinstance(found, BaseThrottle) for found in self.view.get_throttles())

    def _error(self, code: str) -> dict[str, str]:
        name, about, example = ERRORS[code]
        described = {"description": about, "content": self._content(code, example)}
        if code in HEADERS:
            described["headers"] = HEADERS[code]
        component = ResolvedComponent(name=name, type="responses", schema=described, object=name)
        self.registry.register_on_missing(component)
        return dict(component.ref)

    def _content(self, code: str, example: tuple[str, str, str] | None) -> dict[str, Any]:
        if example is None:
            return {"text/html": {"schema": {"type": "string"}}}
        kind, said, detail = example
        error = {"code": said, "detail": detail, "attr": "phone" if code == "400" else None}
        body = {"type": kind, "errors": [error]}
        return {
            "application/json": {"schema": self.resolve_serializer(Errors, "response").ref, "example": body}
        }


def _needs_letters(field: Any) -> bool:
    """Whether a text of spaces is none. A pattern of its own says more."""
    if not isinstance(field, CharField) or any(isinstance(each, RegexValidator) for each in field.validators):
        return False
    return field.trim_whitespace and not field.allow_blank


def _lengths(field: Any) -> dict[str, int]:
    """Of a list; the framework's schema knows its items only."""
    least = getattr(field, "min_length", None) or (0 if getattr(field, "allow_empty", True) else 1)
    most = getattr(field, "max_length", None)
    return ({"minItems": least} if least else {}) | ({"maxItems": most} if most else {})

"""Errors in one shape, within the endpoints and outside any."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from drf_standardized_errors.formatter import ExceptionFormatter, flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import Error
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError

API = "/api/"
_SAID = {
    400: ("client_error", "bad_request", "This cannot be read: look at the Host header, and at the address."),
    500: ("server_error", "error", "Something broke on our side; it is logged."),
}
WHOLE = "non_field_errors"  # how the framework names what is wrong with no field in particular
STATE = "state"  # the code of a refusal because of how a row stands: 409, not 400


class FieldError(serializers.Serializer):
    """One thing that is wrong, and what to do."""

    code = serializers.CharField(help_text="For programs, for example `bad_phone`.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The field, for example `context.delivery_date`.")


class Errors(serializers.Serializer):
    """What is wrong, field by field where it is a field. Every 4xx and 5xx under /api/ reads like this."""

    type = serializers.ChoiceField(["validation_error", "client_error", "server_error"])
    errors = FieldError(many=True)  # type: ignore[assignment]  # a field, not the serializer's own errors


class Conflict(APIException):
    """How the row stands, this cannot be done."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"
    default_detail = "Somebody else changed this at the same moment. Read it again."


def stands(description: str, detail: str) -> dict[int, OpenApiResponse]:
    """For the schema, a 409: how the row stands, it cannot be done."""
    error = {"code": "state", "detail": detail, "attr": "status"}
    example = OpenApiExample("Refused", {"type": "client_error", "errors": [error]})
    return {409: OpenApiResponse(Errors, description, examples=[example])}


class Formatter(ExceptionFormatter):
    """The framework's errors, each by the name of what was given."""

    def get_errors(self) -> list[Error]:
        return named(self.exc.detail)


def named(detail: Any) -> list[Error]:
    """All that is wrong. Of a list as a whole (`items`) it names the list; of the whole request, nothing."""
    found = flatten_errors(detail)
    for error in found:
        error.attr = (error.attr or "").removesuffix(WHOLE).removesuffix(".") or None
    return found


class Handler(ExceptionHandler):
    """A refusal of the business (Django's ValidationError) is the caller's to read: 400, or 409 with code `state`."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, SuspiciousOperation):  # Django's own 400: a thousand parameters and more, for one
            return ParseError(_SAID[400][2])
        if not isinstance(exc, ValidationError):
            return super().convert_known_exceptions(exc)
        detail = serializers.as_serializer_error(exc)
        codes = {error.code for errors in detail.values() for error in errors}
        return Conflict(detail) if codes == {STATE} else serializers.ValidationError(detail)

    def convert_unhandled_exceptions(self, exc: Exception) -> APIException:
        return exc if isinstance(exc, APIException) else APIException(_SAID[500][2])


@csrf_exempt
def no_endpoint(request: HttpRequest, *_: object, **__: object) -> JsonResponse:
    """404 for an address under /api/ that is nothing, in debug mode too."""
    slash = " Addresses have no slash at the end." if request.path.endswith("/") else ""
    return answer(404, "client_error", "not_found", f"There is nothing at this address.{slash}")


def shaped(response: HttpResponse) -> HttpResponse:
    """An answer as it is; a page that tells people of an error, as one for programs."""
    if response.status_code < 400 or "json" in response.get("Content-Type", ""):
        return response
    known = HTTPStatus(response.status_code)
    said = answer(known, *_SAID.get(known, ("client_error", known.name.lower(), f"{known.phrase}.")))
    for name, value in response.headers.items():
        said.headers.setdefault(name, value)
    said.headers.pop("Content-Length", None)
    return said


def answer(status: int, kind: str, code: str, detail: str) -> JsonResponse:
    """One error that no endpoint raised."""
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}
    return JsonResponse(body, status=status)

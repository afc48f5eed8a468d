"""Errors outside any endpoint, in the shape that endpoints give theirs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

API = "/api/"


@csrf_exempt
def no_endpoint(request: HttpRequest, *_: object, **__: object) -> JsonResponse:
    """404 for an address under /api/ that is nothing, in debug mode too."""
    slash = " Addresses have no slash at the end." if request.path.endswith("/") else ""
    return _answer(404, "client_error", "not_found", f"There is nothing at this address.{slash}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for people or for programs."""
    return (
        no_endpoint(request) if request.path.startswith(API) else defaults.page_not_found(request, exception)
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, for people or for programs."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    return _answer(500, "server_error", "error", "Something broke on our side; it is logged.")


def _answer(status: int, kind: str, code: str, detail: str) -> JsonResponse:
    body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}
    return JsonResponse(body, status=status)

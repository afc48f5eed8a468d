"""What every answer under /api/ has, whoever gave it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rest import errors, limits


class Api:
    """The rate's headers, and one shape of errors: also of those before any endpoint, and in debug mode."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(errors.API):
            response = errors.shaped(response)
            for name, value in limits.headers(request).items():
                response[name] = value
        return response

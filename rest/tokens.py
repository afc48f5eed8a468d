"""Bearer tokens: knox's, which are hashed at rest."""

from typing import Any

from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from rest import limits


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Here is known who asks, so here is counted: a 401 too, which the framework's throttles never see."""
        try:
            found: tuple[Any, Any] | None = super().authenticate(request)
        except AuthenticationFailed:
            limits.count_address(request)
            raise
        if found is None:
            limits.count_address(request)
        else:
            limits.count_user(request, found[0])
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """Knox decodes without looking: bytes that are no text are a wrong token, not our error."""
        if not token.isascii() or b"\0" in token:
            raise AuthenticationFailed
        return super().authenticate_credentials(token)

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Whether it has expired. Knox would read all tokens of the user at each request, to delete the old."""
        return auth_token.expiry is not None and auth_token.expiry <= timezone.now()


class BearerTokenScheme(KnoxTokenScheme):
    target_class = BearerToken  # type: ignore[assignment]  # the class, or its dotted name
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        about = "A token from `/api/auth/sign-in`, or of `manage.py apitoken USERNAME` for a program."
        return {"type": "http", "scheme": "bearer", "description": about}

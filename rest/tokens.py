"""Bearer tokens: knox's, which are hashed at rest."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """Knox decodes without looking: bytes that are no text are a wrong token, not our error."""
        if not token.isascii():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)


class BearerTokenScheme(KnoxTokenScheme):
    target_class = BearerToken  # type: ignore[assignment]  # the class, or its dotted name
    name = "token"

"""Bearer tokens: knox's, which are hashed at rest."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerToken(TokenAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate_credentials(self, token: bytes):
        """Knox decodes without looking: bytes that are no text are a wrong token, not our error."""
        if not token.isascii():
            raise AuthenticationFailed
        return super().authenticate_credentials(token)


class BearerTokenScheme(KnoxTokenScheme):
    target_class = BearerToken
    name = "token"

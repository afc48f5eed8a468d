"""Sign in and out: a token for a name and a password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.signals import user_logged_in
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rest.errors import Errors
from rest.fields import MomentField, Text
from rest.limits import SignIns

MOST_TOKENS = 50  # of one user's signing in; more devices than a person has
NO_CONTENT = OpenApiResponse(description="Done. The answer is empty.")


class WrongPassword(APIException):
    """One sentence for every reason: it does not say who exists."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = "This name and password do not belong together."


class SignInSerializer(serializers.Serializer):
    """Who signs in."""

    username = Text(max_length=150)
    password = Text(max_length=1000, trim_whitespace=False, write_only=True)


class UserSerializer(serializers.Serializer):
    """A sign-in user."""

    username = serializers.CharField()
    is_staff = serializers.BooleanField(
        help_text="May do what Django's permissions say; others see their own."
    )


class SignedInSerializer(serializers.Serializer):
    """The token, shown once: the database keeps its hash."""

    token = serializers.CharField(help_text="For `Authorization: Bearer <token>`.")
    expires_at = MomentField()
    user = UserSerializer()


class MeSerializer(UserSerializer):
    """Who the token belongs to."""

    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="Of staff, for example `orders.change_order`."
    )


EXAMPLES = [
    OpenApiExample("Chitra", {"username": "chitra", "password": "earlybird"}, request_only=True),
    OpenApiExample(
        "Signed in",
        {
            "token": "9f3c" * 16,
            "expires_at": "2026-03-01T07:00:00.000000+05:30",
            "user": {"username": "chitra", "is_staff": True},
        },
        response_only=True,
        status_codes=["200"],
    ),
]


class SignIn(APIView):
    """A new token for each sign-in; the old ones stay."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (SignIns,)

    @extend_schema(
        operation_id="sign_in",
        summary="Sign in: get a token",
        auth=[],
        request=SignInSerializer,
        responses={
            200: SignedInSerializer,
            401: OpenApiResponse(Errors, "Wrong name or password, or somebody who is switched off."),
            429: OpenApiResponse(
                Errors, "Too many sign-ins, or wrong passwords. `Retry-After` says when again."
            ),
        },
        examples=EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """A token, valid for 30 days where the shop has not set it otherwise.

        After 5 wrong passwords for a name, this address waits 15 minutes. With more than 50 tokens of one user,
        the one that was made first ends.
        """
        asked = SignInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = _user(request, **asked.validated_data)
        kept, token = _token(user)
        return Response(SignedInSerializer({"token": token, "expires_at": kept.expiry, "user": user}).data)


def _user(request: Request, username: str, password: str) -> Any:
    name = get_user_model().normalize_username(username)  # as the form of the admin pages does
    user = authenticate(request._request, username=name, password=password)
    if user is None:
        raise WrongPassword
    user_logged_in.send(sender=type(user), request=request._request, user=user)
    return user


def _token(user: Any) -> tuple[Any, str]:
    """Those that `manage.py apitoken` made without an end are programs', and stay."""
    older = AuthToken.objects.filter(user=user, expiry__isnull=False).order_by("-created", "pk")
    AuthToken.objects.filter(pk__in=list(older.values_list("pk", flat=True)[MOST_TOKENS - 1 :])).delete()
    made: tuple[Any, str] = AuthToken.objects.create(user, expiry=timedelta(days=settings.API_TOKEN_DAYS))
    return made


class SignOut(APIView):
    """End this token."""

    @extend_schema(
        operation_id="sign_out", summary="Sign out: end this token", request=None, responses={204: NO_CONTENT}
    )
    def post(self, request: Request) -> Response:
        """The token of this request is worth nothing from now on."""
        AuthToken.objects.filter(pk=request.auth.pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignOutEverywhere(APIView):
    """End all of one's tokens."""

    @extend_schema(
        operation_id="sign_out_everywhere",
        summary="Sign out everywhere: end all your tokens",
        request=None,
        responses={204: NO_CONTENT},
    )
    def post(self, request: Request) -> Response:
        """Also of those that `manage.py apitoken` made for this user."""
        AuthToken.objects.filter(user=request.user.pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(APIView):
    """Who am I."""

    @extend_schema(operation_id="me", summary="Whose token this is", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The user, and what they may do."""
        user: Any = request.user
        allowed = sorted(user.get_all_permissions()) if user.is_staff else []
        said = {"username": user.username, "is_staff": user.is_staff, "permissions": allowed}
        return Response(MeSerializer(said).data)

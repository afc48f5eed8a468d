"""Chitra is staff and may do everything; Dev is staff without a permission; Asha and Bilal are customers."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from knox.models import AuthToken
from rest_framework.test import APIClient

from notifications.models import NotificationPreference
from notifications.tests.conftest import ASHA, BILAL


def signed_in(user: User) -> Any:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AuthToken.objects.create(user)[1]}")
    client.user = user
    return client


@pytest.fixture
def chitra(db):
    user = User.objects.create_user("chitra", is_staff=True)
    wanted = Permission.objects.filter(codename__in=["add_message", "view_message", "change_message"])
    user.user_permissions.set(wanted)
    return signed_in(user)


@pytest.fixture
def dev(db):
    return signed_in(User.objects.create_user("dev", is_staff=True))


@pytest.fixture
def asha(db):
    user = User.objects.create_user("asha")
    NotificationPreference.objects.create(phone=ASHA, user=user)
    return signed_in(user)


@pytest.fixture
def bilal(db):
    user = User.objects.create_user("bilal")
    NotificationPreference.objects.create(phone=BILAL, user=user)
    return signed_in(user)


@pytest.fixture
def anybody():
    return APIClient()


def errors(response) -> dict[str | None, str]:
    """What an answer says is wrong, field by field."""
    assert response.json()["type"] in ("validation_error", "client_error"), response.json()
    return {error["attr"]: error["detail"] for error in response.json()["errors"]}

"""Chitra at the desk; Dev, who may only look."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

MODELS = (
    "message",
    "messagetemplate",
    "notificationpreference",
    "channel",
    "webhookevent",
    "templateversion",
    "approvedtemplate",
)


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def chitra(db):
    user = User.objects.create_user("chitra", is_staff=True)
    desk = Permission.objects.filter(content_type__app_label__in=("notifications", "backoffice"))
    user.user_permissions.set(desk)
    return at_desk(user)


@pytest.fixture
def dev(db):
    user = User.objects.create_user("dev", is_staff=True)
    wanted = [f"view_{name}" for name in MODELS]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return at_desk(user)


def told(response) -> list[str]:
    """The sentences that an answer, or the page after it, tells."""
    return [str(message) for message in response.context["messages"]]

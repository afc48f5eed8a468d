"""Who may do what, and whose messages a person may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from notifications import registry
from notifications.models import Message, MessageTemplate, NotificationPreference
from rest.access import may


class MaySend(BasePermission):
    """Staff with Django's permission to add messages."""

    message = "Only staff with the permission to add messages may send."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may(request.user, "add", Message)


class MayMove(BasePermission):
    """Staff with Django's permission to change messages: send them again, run the queue."""

    message = "This takes staff with the permission to change messages."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return may(request.user, "change", Message)


class MayWrite(BasePermission):
    """Texts: anyone signed in reads them, staff with Django's permission add and change them."""

    message = "This takes staff with the permission to add or change texts."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return bool(request.user.is_authenticated)
        return may(request.user, "add" if request.method == "POST" else "change", MessageTemplate)


def sees_everything(user: Any) -> bool:
    """Staff do; in admin, Django's permissions say what they are shown."""
    return may(user, "view", Message)


def numbers_of(user: Any) -> set[str]:
    """The numbers that staff bound to this sign-in user, E.164."""
    stated = NotificationPreference.objects.filter(user=user.pk).values_list("phone", flat=True)
    return registry.phones(user) | set(stated)


def numbers_shown(user: Any, phone: str | None) -> set[str] | None:
    """Whose messages this user is shown, of the number asked for or of all; None for everybody's.

    Raises Http404 for somebody else's number.
    """
    if sees_everything(user):
        return {phone} if phone else None
    mine = numbers_of(user)
    if phone and phone not in mine:
        raise Http404
    return {phone} if phone else mine

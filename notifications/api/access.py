"""Who may do what, and whose messages a person may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from notifications import registry
from notifications.models import NotificationPreference


class MaySend(BasePermission):
    """Staff with Django's permission to add messages."""

    message = "Only staff with the permission to add messages may send."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_staff and request.user.has_perm("notifications.add_message"))


def sees_everything(user: Any) -> bool:
    """Staff with Django's permission to view messages."""
    return bool(user.is_staff and user.has_perm("notifications.view_message"))


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

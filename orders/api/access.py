"""Whose rows a signed-in user sees."""

from typing import Any

from django.db.models import Q
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from rest.access import Access
from rest.rows import Rows


class CustomersRows(Rows):
    """Rows of a customer; `customer` is the way from a row to them. The user was bound to them by staff."""

    customer = "customer"

    def owned_by(self, user: Any) -> Q:
        return Q(**{f"{self.customer}__user": user.pk})


class Catalogue(Access):
    """Everybody signed in may look; staff with the permission change it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return bool(request.user.is_authenticated)
        return super().has_permission(request, view)

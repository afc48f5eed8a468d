"""Whose rows a signed-in user sees."""

from typing import Any

from django.db.models import Q
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from rest.access import Access
from rest.rows import NONE, Rows


class CustomersRows(Rows):
    """Rows of a customer; `customer` is the way from a row to them. The user was bound to them by staff."""

    customer = "customer"

    def owned_by(self, user: Any) -> Q:
        """By the customer's id, asked for once a request: across the join a list would read the whole table."""
        customer = getattr(user, "customer", None)
        return Q(**{self.customer: customer.pk}) if customer else NONE


class Catalogue(Access):
    """Everybody signed in may look; staff with the permission change it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return bool(request.user.is_authenticated)
        return super().has_permission(request, view)

"""Whose rows a signed-in user sees."""

from typing import Any

from django.db.models import Q

from rest.rows import Rows


class CustomersRows(Rows):
    """Rows of a customer; `customer` is the way from a row to them. The user was bound to them by staff."""

    customer = "customer"

    def owned_by(self, user: Any) -> Q:
        return Q(**{f"{self.customer}__user": user.pk})

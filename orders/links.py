"""Where a message's reference leads: the page of its row in admin."""

from django.urls import reverse

from notifications import registry


def to_admin(prefix: str, model: str) -> None:
    """Let `<prefix><id>` lead to the admin page of `model`, for example `orders_order`."""
    registry.link(prefix, lambda pk: reverse(f"admin:{model}_change", args=(pk,)) if pk.isdecimal() else None)

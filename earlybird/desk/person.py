"""Who has a number: the way from a message to the page of whom it was for."""

from __future__ import annotations

from backoffice.masking import number_in, sees_numbers, shown
from earlybird.desk import find
from notifications.registry import person_page
from orders.models import Customer


@person_page
def person_of(phone: str) -> tuple[str, str] | None:
    """The customer's name and page; of a number without customer the number, for who may see it in the address."""
    if not number_in(phone):  # of who was erased, or one that was refused: it is kept masked
        return None
    row = Customer.objects.filter(phone=phone).only("pk", "name").first()
    if row is not None:
        return row.name, find.customer_page(row.pk)
    return (shown(phone), find.number_page(phone)) if sees_numbers() else None

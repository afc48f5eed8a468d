"""How the desk's search finds messages by what orders knows: an order's number, a customer's name."""

import re

from notifications import registry
from orders.models import Customer, Order

_NUMBER = re.compile(r"EB-[0-9]{8}-[0-9]{1,9}", re.IGNORECASE | re.ASCII)
_E164 = re.compile(r"\+[0-9]{8,15}", re.ASCII)
MOST_NAMESAKES = 20


@registry.searched("an order's number (EB-20261122-0042)")
def order(term: str) -> registry.Found | None:
    if not _NUMBER.fullmatch(term):
        return None
    number = term.upper()
    found = Order.objects.filter(number=number).values_list("pk", flat=True)
    return registry.Found(f"the order {number}", references=tuple(f"order_{pk}" for pk in found))


@registry.searched("a customer's whole name")
def customer(term: str) -> registry.Found | None:
    """In capitals or not. Nobody who was erased has a name."""
    if not 0 < len(term) <= Customer._meta.get_field("name").max_length:
        return None
    namesakes = Customer.objects.filter(name__iexact=term, erased_at=None).order_by("pk")
    phones = tuple(namesakes.values_list("phone", flat=True)[:MOST_NAMESAKES])
    if not phones:
        return None
    others = f" (the first {MOST_NAMESAKES} of that name)" if len(phones) == MOST_NAMESAKES else ""
    return registry.Found(f"a customer's name{others}", phones=phones)


@registry.names_of
def names(phones):
    whole = [phone for phone in phones if _E164.fullmatch(phone)]  # a message may hold what is none
    return dict(Customer.objects.filter(phone__in=whole).order_by().values_list("phone", "name"))

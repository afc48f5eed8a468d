"""What many customers are told by an announcement. Reference: `product_<id>`, or of a kind of staff's own
`announcement_<id>`.
"""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.http import urlencode

from notifications import outbox, registry
from orders.links import to_admin
from orders.messages.product import NEW_PRODUCT, forget_untold, items_of_product
from orders.models import Announcement, Customer

to_admin("announcement_", "orders_announcement")


@registry.use_of_kinds
def announce(kind: str, user) -> tuple[str, str] | None:
    """On the page of a kind of staff's own: the way to an announcement of it."""
    if not user.has_perm("orders.add_announcement"):
        return None
    return (
        "Announce it to many customers",
        f"{reverse('admin:orders_announcement_add')}?{urlencode({'kind': kind})}",
    )


def kind_of(announcement: Announcement) -> str:
    """The code of the kind that its messages are of."""
    return announcement.kind or NEW_PRODUCT.code


def announcing(announcement: Announcement, customers: Iterable[Customer]) -> list[outbox.Item]:
    """The messages of a planned announcement, for `outbox`; they refer to it, so that it can be stopped."""
    if announcement.product:
        return list(items_of_product(announcement.product, customers, announcement.reference))
    return list(_items(announcement, customers))


def wordings(announcement: Announcement) -> list[outbox.Wording]:
    """How it reads in each language that has a text, to a customer called Asha."""
    asha = Customer(pk=0, name="Asha", phone="")
    return outbox.wordings(kind_of(announcement), announcing(announcement, [asha])[0].variables)


def stop_announcing(announcement: Announcement, most: int) -> int:
    """Take back what still waits, some at a time, until it returns 0. Another announcement may tell them then."""
    why = "the announcement was stopped"
    taken = outbox.withdraw_some(announcement.reference, (kind_of(announcement),), most, why)
    if announcement.product:  # of a kind, the next announcement has keys of its own
        forget_untold(announcement.product, [one.phone for one in taken if one.is_certain])
    return len(taken)


def _items(announcement: Announcement, customers: Iterable[Customer]) -> Iterator[outbox.Item]:
    for customer in customers:
        yield outbox.Item(
            to=customer.phone,
            variables={**announcement.values, "customer_name": customer.name},
            reference=announcement.reference,
            key=f"announcement:{announcement.pk}:{customer.pk}",
            language=customer.language,
        )

"""Telling many customers of a product: who they are, what it costs, and going through them in chunks.

A worker that is killed leaves the announcement at the last chunk that it finished; two workers take turns at its
row. Nobody is told twice of a product whatever happens: the key of the message is the product and the customer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from jobs.nudge import Nudger
from notifications import clock, outbox
from orders import days, messages
from orders.models import Announcement, Customer, Order, OrderItem, Product, Subscription

CHUNK = 1000
NUDGER = Nudger(
    "orders.tasks.advance_announcements"
)  # lost, it costs a minute: beat looks for what there is to do
Status = Announcement.Status
REASONS = {
    "no_opt_in": "have not asked for offers",
    "opted_out": "switched all messages off",
    "category_off": "switched offers off",
    "unreachable": "are not on WhatsApp",
    "known": "were told of it already",
    "not_allowed": "are not among the numbers this system may write to",
    "template_off": "read a language whose text is switched off",
    "no_text": "would get no text, because there is none",
}


@dataclass(frozen=True)
class Preview:
    """How many customers would be told, how many not and why (code → customers), and the price in rupees."""

    told: int
    left_out: Counter[str]
    cost: Decimal

    @property
    def audience(self) -> int:
        return self.told + self.left_out.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """In words, the most frequent first."""
        return [
            (REASONS.get(code, f"cannot be told ({code})"), count)
            for code, count in self.left_out.most_common()
        ]


# --- who ------------------------------------------------------------------------------------------------


def audience(announcement: Announcement) -> QuerySet[Customer]:
    """The customers it is for, by id."""
    customers = Customer.objects.filter(erased_at=None).order_by("pk").only("name", "phone", "language")
    if announcement.areas:
        customers = customers.filter(area__in=announcement.areas)
    if announcement.languages:
        customers = customers.filter(language__in=announcement.languages)
    if announcement.bought:
        customers = customers.filter(_bought(announcement.bought, announcement))
    if announcement.not_bought:
        customers = customers.filter(~_bought(announcement.not_bought, announcement))
    if announcement.subscribers != Announcement.Subscribers.ANY:
        wanted = announcement.subscribers == Announcement.Subscribers.YES
        customers = customers.filter(_subscribes() if wanted else ~_subscribes())
    return customers


def _bought(product: Product, announcement: Announcement) -> Exists:
    # By the customer's orders, which an index finds; by the product it would read everybody's items for each.
    theirs = Order.objects.filter(customer=OuterRef("pk"), status=Order.Status.CONFIRMED)
    if announcement.bought_since:
        theirs = theirs.filter(delivery_date__gte=announcement.bought_since)
    return Exists(theirs.filter(Exists(OrderItem.objects.filter(order=OuterRef("pk"), product=product))))


def _subscribes() -> Exists:
    runs = Q(end__isnull=True) | Q(end__gte=days.today())
    return Exists(
        Subscription.objects.filter(runs, customer=OuterRef("pk"), status=Subscription.Status.ACTIVE)
    )


def _chunks(announcement: Announcement) -> Iterator[list[Customer]]:
    customers, last = audience(announcement), 0
    while chunk := list(customers.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield chunk


def preview(announcement: Announcement) -> Preview:
    """What would come of starting it now. Reads all of its audience, in flat memory."""
    kind, found = messages.NEW_PRODUCT.code, Counter[str]()
    for chunk in _chunks(announcement):
        found += outbox.preview(kind, messages.announcing(announcement, chunk))
    told = found.pop("", 0)
    return Preview(told, found, told * outbox.price(kind))


# --- start and stop ---------------------------------------------------------------------------------------


@transaction.atomic
def start(announcement: Announcement, by=None) -> Announcement:
    """Let it go, at its time or now. Again, nothing changes. Raises ValidationError where it was stopped."""
    announcement = _locked(announcement)
    if announcement.status == Status.STOPPED:
        raise _stands(
            "This announcement was stopped. Make a new one: who was told already is not told again."
        )
    if announcement.status == Status.DRAFT:
        _refuse_beside_another(announcement)
        announcement.status, announcement.started_by = Status.SCHEDULED, by
        announcement.at = announcement.at or clock.now()
        announcement.started_at = clock.now()
        announcement.audience = audience(announcement).count()
        announcement.save(update_fields=("status", "started_by", "at", "started_at", "audience"))
        NUDGER.on_commit()
    return announcement


@transaction.atomic
def stop(announcement: Announcement, by=None) -> Announcement:
    """Tell nobody more; what still waits to be sent of this product is taken back. Again, nothing changes.

    Raises ValidationError where it was not started. One that is done has still messages that wait their turn.
    """
    announcement = _locked(announcement)
    if announcement.status == Status.DRAFT:
        raise _stands("This announcement was not started.")
    if announcement.status != Status.STOPPED:
        announcement.status, announcement.stopped_by = Status.STOPPED, by
        announcement.done_at = clock.now()
        announcement.save(update_fields=("status", "stopped_by", "done_at"))
        NUDGER.on_commit()
    return announcement


def _refuse_beside_another(announcement: Announcement) -> None:
    """Messages refer to their product: two of one product could not be stopped apart."""
    under_way = Announcement.objects.filter(
        product=announcement.product_id, status__in=(Status.SCHEDULED, Status.RUNNING)
    )
    if other := under_way.first():
        raise _stands(
            f"Announcement {other.pk} of the same product is under way. Wait until it is done, or stop it."
        )


def _locked(announcement: Announcement) -> Announcement:
    return Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)


def _stands(why: str) -> ValidationError:
    return ValidationError({"status": ValidationError(why, code="state")})


# --- going on ---------------------------------------------------------------------------------------------


def advance(now: datetime) -> int:
    """Go through what is due to its end, and take back what was stopped. Returns how many chunks it did."""
    due = Q(status__in=(Status.SCHEDULED, Status.RUNNING), at__lte=now)
    started = Announcement.objects.filter(due).order_by("at", "pk").values_list("pk", flat=True)
    stopped = Announcement.objects.filter(status=Status.STOPPED, withdrawn_at=None).values_list(
        "pk", flat=True
    )
    return sum(_all(_take_back, pk) for pk in list(stopped)) + sum(_all(_tell, pk) for pk in list(started))


def _all(step, pk: int) -> int:
    count = 0
    while step(pk):
        count += 1
    return count


def _claimed(pk: int, **stands) -> Announcement | None:
    """The row, locked; None where another worker is at it, or it does not stand like that any more."""
    rows = Announcement.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.select_related("product", "bought", "not_bought").filter(pk=pk, **stands).first()


@transaction.atomic
def _tell(pk: int) -> bool:
    """Queue the next chunk. Returns whether there may be more."""
    announcement = _claimed(pk, status__in=(Status.SCHEDULED, Status.RUNNING))
    if announcement is None:
        return False
    chunk = list(audience(announcement).filter(pk__gt=announcement.last_customer)[:CHUNK])
    if chunk:
        _count(announcement, chunk)
        announcement.status, announcement.last_customer = Status.RUNNING, chunk[-1].pk
    else:
        announcement.status, announcement.done_at = Status.DONE, clock.now()
    announcement.save(update_fields=("status", "last_customer", "done_at", "reached", "queued", "suppressed"))
    return bool(chunk)


def _count(announcement: Announcement, chunk: list[Customer]) -> None:
    told = outbox.queue_chunk(messages.NEW_PRODUCT.code, messages.announcing(announcement, chunk))
    queued = sum(message is not None and message.status == "queued" for message in told)
    announcement.reached += len(chunk)
    announcement.queued += queued
    announcement.suppressed += len(chunk) - queued


@transaction.atomic
def _take_back(pk: int) -> bool:
    """Withdraw the next messages of a stopped announcement. Returns whether there may be more."""
    announcement = _claimed(pk, status=Status.STOPPED, withdrawn_at=None)
    if announcement is None:
        return False
    count = messages.stop_announcing(announcement, CHUNK)
    announcement.withdrawn += count
    if not count:
        announcement.withdrawn_at = clock.now()
    announcement.save(update_fields=("withdrawn", "withdrawn_at"))
    return bool(count)

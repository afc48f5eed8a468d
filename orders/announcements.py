"""Telling many customers of a product, or with a kind of staff's own: starting, stopping, going through in chunks.

A worker that is killed leaves the announcement at the last chunk that it finished; two workers take turns at its
row. Nobody is told twice whatever happens: the key of the message is the product, or the announcement, and the
customer.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from jobs.nudge import Nudger
from notifications import clock, outbox
from orders import messages, own_kinds
from orders.audience import audience
from orders.models import Announcement, Customer

CHUNK = 1000
NUDGER = Nudger(
    "orders.tasks.advance_announcements"
)  # lost, it costs a minute: beat looks for what there is to do
Status = Announcement.Status


# --- start and stop ---------------------------------------------------------------------------------------


@transaction.atomic
def start(announcement: Announcement, by=None) -> Announcement:
    """Let it go, at its time or now. Again, nothing changes. Raises ValidationError where it was
    stopped, or cannot go as it stands."""
    announcement = _locked(announcement)
    if announcement.status == Status.STOPPED:
        raise _stands(
            "This announcement was stopped. Make a new one: who was told already is not told again."
        )
    if announcement.status == Status.DRAFT:
        if faults := own_kinds.faults(announcement):
            raise ValidationError(faults)
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
    """Tell nobody more; what still waits to be sent is taken back. Again, nothing changes.

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
    if announcement.product_id is None:
        return
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
    told = outbox.queue_chunk(messages.kind_of(announcement), messages.announcing(announcement, chunk))
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

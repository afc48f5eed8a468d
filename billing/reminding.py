"""Asking for what is to pay, in the days before and after a bill is due."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from billing import messages
from billing.models import Bill
from billing.sums import owed_of
from notifications import outbox
from orders import days

CHUNK = 1000


def remind(day: date, progress) -> int:
    """Remind of every bill whose day has come: of those it missed only the last, and each once."""
    sent = looked_at = 0
    for chunk in _chunks(day):
        sent += _remind(chunk, day)
        looked_at += len(chunk)
        progress(looked_at)
    return sent


def reminded_for(bill: Bill, day: date) -> date | None:
    """The last of its days that has come and is not stale: past one's message would be worthless by now."""
    steps = (bill.due_date + timedelta(days=step) for step in settings.BILL_REMINDER_DAYS)
    begun = max(days.day_of(bill.created_at), day - messages.PAYMENT_REMINDER.expires)
    return max((step for step in steps if begun <= step <= day), default=None)


def asks(bills: Collection[Bill], day: date) -> Iterator[tuple[Bill, date, Decimal]]:
    """Those that are asked for on `day`: the bill, which of its reminders that is, and the rupees it asks for."""
    owed = owed_of({bill.customer_id for bill in bills})
    for bill in bills:
        step = reminded_for(bill, day)
        is_new = step is not None and (bill.reminded_for is None or bill.reminded_for < step)
        if is_new and owed.get(bill.pk):
            yield bill, step, owed[bill.pk]


@transaction.atomic
def _remind(bills: list[Bill], day: date) -> int:
    """The bills are locked, so that one paid at this moment is either not asked for, or its reminder withdrawn."""
    wanted = defaultdict(list)
    locked = Bill.objects.select_for_update(of=("self",)).filter(
        pk__in=[bill.pk for bill in bills], carried_to=None
    )
    rows = list(locked.exclude(status=Bill.Status.PAID).select_related("customer").order_by("pk"))
    for bill, step, owed in asks(rows, day):
        wanted[step].append((bill, owed))
    for step, chosen in wanted.items():
        Bill.objects.filter(pk__in=[bill.pk for bill, _ in chosen]).update(reminded_for=step)
    items = (
        messages.reminder_of(bill, step, owed) for step, chosen in wanted.items() for bill, owed in chosen
    )
    return outbox.queue_many(messages.PAYMENT_REMINDER.code, items)


def _chunks(day: date) -> Iterator[list[Bill]]:
    """Bills near their due day on which something is to pay, by the index of those."""
    steps = settings.BILL_REMINDER_DAYS
    if not steps:
        return
    first = day - timedelta(days=max(steps)) - messages.PAYMENT_REMINDER.expires
    rows = Bill.objects.filter(due_date__range=(first, day - timedelta(days=min(steps))), carried_to=None)
    rows = rows.exclude(status=Bill.Status.PAID).filter(customer__erased_at=None).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def call_overdue(today: date) -> int:
    """Bills of which nothing was paid and whose day is over are overdue."""
    rows = Bill.objects.filter(status=Bill.Status.OPEN, due_date__lt=today, carried_to=None)
    total = 0
    while changed := rows.filter(pk__in=rows.values("pk")[:CHUNK]).update(status=Bill.Status.OVERDUE):
        total += changed
    return total

"""What delivery does once a day: remind of tomorrow."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from delivery import messages
from delivery.models import Delivery
from jobs.registry import DailyJob, Progress, register
from notifications import clock
from orders import days
from orders.models import Order

CHUNK = 1000


@dataclass
class Tally:
    """Deliveries that were found, reminders that are new, and deliveries whose slot had begun."""

    found: int = 0
    new: int = 0
    late: int = 0

    def said(self, day: date) -> str:
        if self.late == self.found:
            return (
                f"No reminders: the deliveries of {day} had begun."
                if self.found
                else f"Nothing to bring on {day}."
            )
        late = f" Too late, their slot had begun: {self.late:,}." if self.late else ""
        return f"Deliveries of {day}: {self.found:,}. Reminders made: {self.new:,}.{late}"


def remind(day: date, progress: Progress) -> str:
    """A reminder for every delivery of the day after `day`, once for each. One whose slot has begun gets none.

    What is ordered for tomorrow after this is not reminded of: its confirmation has only just come.
    """
    tomorrow, tally, last = day + timedelta(days=1), Tally(), 0
    if tomorrow < days.today():
        return f"No reminders: {tomorrow} is over."
    total = _ahead(tomorrow).count()
    progress(0, total)
    while rows := _remind_of_some(tomorrow, last, tally):
        last = rows[-1].pk
        progress(tally.found, total)
    return tally.said(tomorrow)


def _ahead(day: date) -> QuerySet[Delivery]:
    """The deliveries of a day that are still to come, of orders that stand."""
    confirmed = {"order__status": Order.Status.CONFIRMED}
    return Delivery.objects.filter(date=day, status=Delivery.Status.PENDING, **confirmed)


@transaction.atomic
def _remind_of_some(day: date, after: int, tally: Tally) -> list[Delivery]:
    """Locked until their reminders are there: who cancels an order meanwhile waits, and then withdraws them."""
    ahead = _ahead(day).filter(pk__gt=after).order_by("pk").select_related("order__customer")
    rows = list(ahead.select_for_update(of=("self",), no_key=True)[:CHUNK])
    in_time = [row for row in rows if row.slot_starts_at > clock.now()]
    tally.new += messages.deliveries_reminded(in_time)
    tally.found, tally.late = tally.found + len(rows), tally.late + len(rows) - len(in_time)
    return rows


register(
    DailyJob(
        code="delivery_reminders",
        label="Remind of tomorrow's deliveries",
        explains="Tells every customer of tomorrow's delivery, after tomorrow's orders were made. Sent until last call "
        "(10 PM); what is made later is worthless by the morning and expires.",
        at=time(21),
        run=remind,
        after="nightly_orders",
    )
)

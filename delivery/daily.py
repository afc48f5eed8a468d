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
                f"No reminders: the deliveries of {day:%-d %B} had begun."
                if self.found
                else f"Nothing to bring on {day:%-d %B}."
            )
        late = f" Too late, their slot had begun: {self.late:,}." if self.late else ""
        return f"Deliveries of {day:%-d %B}: {self.found:,}. Reminders made: {self.new:,}.{late}"


def remind(day: date, progress: Progress) -> str:
    """A reminder for every delivery of the day after `day`, once for each. One whose slot has begun gets none.

    What is ordered for tomorrow after this is not reminded of: its confirmation has only just come.
    """
    tomorrow, tally = day + timedelta(days=1), Tally()
    if tomorrow < days.today():
        return f"No reminders: {tomorrow} is over."
    # Looked up once: right after the nightly orders the planner takes tomorrow for empty, and would sort all that is
    # left of it for each chunk. A number each is little to keep.
    ids = list(_ahead().filter(date=tomorrow).order_by("pk").values_list("pk", flat=True))
    progress(0, len(ids))
    for start in range(0, len(ids), CHUNK):
        _remind_of_some(ids[start : start + CHUNK], tally)
        progress(start + len(ids[start : start + CHUNK]), len(ids))
    return tally.said(tomorrow)


def _ahead() -> QuerySet[Delivery]:
    """Deliveries that are still to come, of orders that stand."""
    return Delivery.objects.filter(status=Delivery.Status.PENDING, order__status=Order.Status.CONFIRMED)


@transaction.atomic
def _remind_of_some(ids: list[int], tally: Tally) -> None:
    """Locked until their reminders are there: who cancels an order meanwhile waits, and then withdraws them."""
    known = _ahead().filter(pk__in=ids, order__customer__erased_at=None)
    ahead = known.order_by("pk").select_related("order__customer")
    rows = list(ahead.select_for_update(of=("self",), no_key=True))
    in_time = [row for row in rows if row.slot_starts_at > clock.now()]
    tally.new += messages.deliveries_reminded(in_time)
    tally.found, tally.late = tally.found + len(rows), tally.late + len(rows) - len(in_time)


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

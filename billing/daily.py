"""The daily jobs of billing."""

from datetime import date, time

from billing.making import make_bills, month_before
from billing.reminding import call_overdue, remind
from jobs.registry import DailyJob, Progress, register
from orders import days


def bills(day: date, progress: Progress) -> str:
    run = make_bills(month_before(day), progress)
    return f"{_counted(run.bills, 'bill')} for {run}, made by {days.day_of(run.finished_at):%-d %B}."


def payment_reminders(day: date, progress: Progress) -> str:
    if day < days.today():
        return "Too late: the next day's reminders make up for it."
    return f"{_counted(remind(day, progress), 'reminder')}."


def overdue_bills(day: date, progress: Progress) -> str:
    return f"Overdue since today: {_counted(call_overdue(days.today()), 'bill')}."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


BILLS = DailyJob(
    code="bills",
    label="Make last month's bills",
    explains="On the 1st, or as soon as it can after that: a bill for every customer who was brought something or owes "
    "something. On other days there is nothing to do.",
    at=time(2),
    run=bills,
)
PAYMENT_REMINDERS = DailyJob(
    code="payment_reminders",
    label="Remind of bills that are due",
    explains="Asks for what is still to pay, three days before a bill is due, on that day, and 3 and 7 days later "
    "(setting BILL_REMINDER_DAYS).",
    at=time(10),
    run=payment_reminders,
)
OVERDUE_BILLS = DailyJob(
    code="overdue_bills",
    label="Call bills overdue",
    explains="Bills of which nothing was paid are overdue from the day after they were due.",
    at=time(0, 10),
    run=overdue_bills,
)
register(BILLS, PAYMENT_REMINDERS, OVERDUE_BILLS)

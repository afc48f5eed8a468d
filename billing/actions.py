"""What happens to bills. Every action may be repeated: the second time changes nothing."""

from django.db import transaction

from billing.models import Bill
from notifications import outbox
from orders import days

Status = Bill.Status


@transaction.atomic
def settle(bill: Bill) -> Bill:
    """Give a bill the status its payments and its due date make; once paid, nobody is reminded of it."""
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    status = _status(bill)
    if status != bill.status:
        bill.status = status
        bill.save(update_fields=("status",))
    if status == Status.PAID:
        # Only the reminders: the thanks for the payment has a reference of its own, and stays.
        outbox.withdraw(f"bill_{bill.pk}", ("payment_reminder",), "the bill was paid")
    return bill


def _status(bill: Bill) -> Status:
    paid = bill.paid
    if paid >= bill.amount:
        return Status.PAID
    if paid:
        return Status.PARTIALLY_PAID
    return Status.OVERDUE if bill.due_date < days.today() else Status.OPEN

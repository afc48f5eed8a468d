"""What happens to bills."""

from django.db import transaction

from billing.models import Bill, lock_account
from notifications import outbox

Status = Bill.Status
REMINDER = ("payment_reminder",)


@transaction.atomic
def settle(bill: Bill) -> Bill:
    """Give a bill the status its money and its due date make; once paid, nobody is reminded of it.

    A carried one is settled with the one that carries it.
    """
    lock_account(bill.customer_id)
    carrier = bill.carrier
    status = carrier.status_due
    if status != carrier.status:
        carrier.status = status
        carrier.save(update_fields=("status",))
    if status == Status.PAID:
        _close(carrier)
    return carrier if carrier.pk == bill.pk else Bill.objects.get(pk=bill.pk)


def _close(bill: Bill) -> None:
    # Only the reminders: the thanks for the payment has a reference of its own, and stays.
    outbox.withdraw(f"bill_{bill.pk}", REMINDER, "the bill was paid")
    if bill.carries.exists():
        carried = Bill.objects.filter(customer=bill.customer_id, carried_to__isnull=False)
        carried.exclude(status=Status.PAID).update(status=Status.PAID)

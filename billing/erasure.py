"""What billing keeps of a person. Its rows are the books, and stay; what names the person, or tells of them, goes."""

from django.db.models import QuerySet
from django.dispatch import receiver

from billing.models import Adjustment, Bill, BilledOrder, Dispute, Payment, Refund
from notifications import clock
from notifications.signals import person_exported
from orders.erasure import unname
from orders.models import Customer
from orders.signals import customer_erased


@receiver(customer_erased)
def erase(sender, customer: Customer, **kwargs) -> dict[str, int]:
    """A transaction id may be made of the number, as UPI's addresses are; a reason may say anything."""
    rows = (customer.bills, customer.payments, customer.refunds, customer.adjustments, customer.disputes)
    for found in rows:
        unname(found.all())
    number = customer.phone.removeprefix("+91").removeprefix("+")
    telling = {"transaction_id__contains": number}
    ids = [rows.filter(**telling).update(transaction_id="") for rows in (customer.payments, customer.refunds)]
    _close_disputes(customer)
    customer.adjustments.update(reason="")
    customer.refunds.update(reason="")
    return {"transaction_ids": sum(ids), "disputes": customer.disputes.update(words="", reason="")}


def _close_disputes(customer: Customer) -> None:
    """Nobody is left to settle them with."""
    customer.disputes.filter(status=Dispute.Status.OPEN).update(
        status=Dispute.Status.REFUSED, outcome=Dispute.Outcome.REFUSAL, settled_at=clock.now()
    )


@receiver(person_exported)
def kept(sender, phone: str, **kwargs) -> dict[str, QuerySet]:
    """Every row that is about the customer with this number, sort by sort."""
    found = (
        ("bills", Bill, "customer"),
        ("billed_orders", BilledOrder, "bill__customer"),
        ("payments", Payment, "customer"),
        ("refunds", Refund, "customer"),
        ("adjustments", Adjustment, "customer"),
        ("disputes", Dispute, "customer"),
    )
    return {name: model.objects.filter(**{f"{path}__phone": phone}).values() for name, model, path in found}

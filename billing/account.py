"""A customer's account: what they owe, and all that made it so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst

from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from billing.sums import RUPEES
from orders import days
from orders.models import Order

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Entry:
    """One line. `amount`: + the customer owes more, − less, None where it moves nothing. `balance`: after it."""

    at: datetime
    what: str
    detail: str
    link: str
    amount: Decimal | None = None
    balance: Decimal | None = None


def balance(customer: int, before: datetime | None = None) -> Decimal:
    """Delivered orders + adjustments − payments + refunds, in rupees; less than nothing is credit.

    `before`: only what happened before that moment.
    """
    return sum((sign * _sum(rows, amount) for rows, amount, sign in _moves(customer, before)), NOTHING)


def with_balance(customers: QuerySet) -> QuerySet:
    """The same for many, as `balance`, in one query."""
    total: Combinable = Value(NOTHING, output_field=RUPEES)
    for rows, amount, sign in _moves(OuterRef("pk"), None):
        found = rows.order_by().values("customer").values_list(Sum(amount))
        moved = Coalesce(Subquery(found, output_field=RUPEES), NOTHING, output_field=RUPEES)
        total = total + moved if sign > 0 else total - moved
    return customers.annotate(balance=total)


def _moves(customer: int | OuterRef, before: datetime | None):
    """(rows, name of their rupees, sign): what moves a balance."""
    found = (
        (Order.objects.filter(delivered_at__isnull=False), "delivered_at", "total", 1),
        (Adjustment.objects, "created_at", "amount", 1),
        (Payment.objects, "paid_at", "amount", -1),
        (Refund.objects, "refunded_at", "amount", 1),
    )
    for rows, at, amount, sign in found:
        until = {f"{at}__lt": before} if before else {}
        yield rows.filter(customer=customer, **until), amount, sign


def _sum(rows, amount: str) -> Decimal:
    return rows.aggregate(sum=Sum(amount))["sum"] or NOTHING


def ledger(customer: int, since: date) -> tuple[Decimal, list[Entry]]:
    """The balance as the day began, and what happened since, the oldest first."""
    start = days.moment(since, time.min)
    opening = running = balance(customer, start)
    lines = []
    for entry in sorted(_entries(customer, start), key=lambda entry: entry.at):
        running += entry.amount or 0
        lines.append(replace(entry, balance=running))
    return opening, lines


def _entries(customer: int, start: datetime) -> Iterator[Entry]:
    for order in Order.objects.filter(customer=customer, delivered_at__gte=start):
        yield _entry(order, order.delivered_at, "Delivered", f"Order {order}", order.total)
    for adjustment in Adjustment.objects.filter(customer=customer, created_at__gte=start):
        yield _entry(adjustment, adjustment.created_at, "Adjustment", adjustment.reason, adjustment.amount)
    for payment in Payment.objects.filter(customer=customer, paid_at__gte=start):
        yield _entry(payment, payment.paid_at, "Payment", _how(payment), -payment.amount)
    for refund in Refund.objects.filter(customer=customer, refunded_at__gte=start):
        yield _entry(refund, refund.refunded_at, "Refund", f"{_how(refund)}: {refund.reason}", refund.amount)
    for bill in Bill.objects.filter(customer=customer, created_at__gte=start):
        yield _entry(bill, bill.created_at, "Bill", f"{bill.number} for {bill.month:%B %Y}")
    for dispute in Dispute.objects.filter(customer=customer, opened_at__gte=start).select_related(
        "order", "bill"
    ):
        yield _entry(
            dispute, dispute.opened_at, "Dispute", f"{dispute}, {dispute.get_status_display().lower()}"
        )


def _how(row: Payment | Refund) -> str:
    return capfirst(f"{row.get_method_display()} {row.transaction_id}".strip())


def _entry(row, at: datetime, what: str, detail: str, amount: Decimal | None = None) -> Entry:
    meta = row._meta
    link = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))
    return Entry(at, what, detail, link, amount)

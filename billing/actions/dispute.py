"""What happens to disputes.

All of these raise ValidationError, naming the field, where they cannot be done; where that is because of how the
row stands, its code is "state".
"""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Sum

from billing.models import Adjustment, Bill, Dispute, lock_account
from billing.rupees import written
from notifications import clock
from orders.actions import bring_again
from orders.models import Customer, Order

Status, Outcome = Dispute.Status, Dispute.Outcome
MOST_AT_ONCE = "At most {most} of {about} can be credited: more was not charged for it."


@transaction.atomic
def open_dispute(
    customer: Customer,
    what: str,
    words: str = "",
    *,
    order: Order | None = None,
    bill: Bill | None = None,
    by=None,
) -> Dispute:
    """Record what is wrong with an order or a bill of this customer. The same again is the one that is open."""
    lock_account(customer.pk)
    about = {"order": order, "bill": bill}
    known = Dispute.objects.filter(customer=customer, status=Status.OPEN, what=what, **about).first()
    if known:
        return known
    dispute = Dispute(customer=customer, what=what, words=words, opened_by=by, **about)
    check(dispute)
    dispute.save()
    return dispute


def check(dispute: Dispute) -> None:
    """Raises ValidationError where this cannot be opened."""
    for field in ("order", "bill"):
        row = getattr(dispute, field)
        if row and row.customer_id != dispute.customer_id:
            raise ValidationError({field: f"This {field} is another customer's."})
        if row and Dispute.objects.filter(status=Status.OPEN, **{field: row}).exclude(pk=dispute.pk).exists():
            why = f"A dispute about this {field} is open already. Settle that one first."
            raise ValidationError({field: ValidationError(why, code="state")})
    if bool(dispute.order) == bool(dispute.bill):
        raise ValidationError({"order": "Name an order or a bill, one of the two."})
    if dispute.order and dispute.order.status == Order.Status.CANCELLED:
        why = "This order was cancelled: nothing is brought, and nothing charged."
        raise ValidationError({"order": ValidationError(why, code="state")})


@transaction.atomic
def settle_by_adjustment(dispute: Dispute, amount: Decimal, reason: str, *, by=None) -> Dispute:
    """Credit the customer `amount` rupees, more than nothing and at most what was charged for it."""
    dispute = _locked(dispute)
    if _is_again(dispute, Outcome.ADJUSTMENT):
        return dispute
    most = to_credit(dispute)
    if not 0 < Decimal(amount) <= most:
        about = MOST_AT_ONCE.format(most=written(most), about=dispute.about)
        raise ValidationError({"amount": about if amount > 0 else "Give more than nothing."})
    dispute.adjustment = _credit(dispute, amount, reason, by)
    return _end(dispute, Outcome.ADJUSTMENT, reason, by)


@transaction.atomic
def settle_by_redelivery(dispute: Dispute, delivery_date: date, *, by=None) -> Dispute:
    """Bring the same items again on another day, for what they cost then.

    What was charged for the disputed order is credited at once; one that is not delivered is cancelled. The new
    order is charged for when it is delivered: so the money adds up on every day, also where it never comes.
    """
    dispute = _locked(dispute)
    if _is_again(dispute, Outcome.REDELIVERY):
        return dispute
    if dispute.order is None:
        raise ValidationError({"delivery_date": "This is about a bill. Settle it with an adjustment."})
    dispute.redelivery = bring_again(dispute.order, delivery_date, placed_by=by)
    dispute.order.refresh_from_db()  # locked now: who marked it delivered until then has committed
    reason = f"Order {dispute.order} is brought again as {dispute.redelivery}"
    if most := to_credit(dispute):
        dispute.adjustment = _credit(dispute, most, reason, by)
    return _end(dispute, Outcome.REDELIVERY, reason, by)


@transaction.atomic
def refuse(dispute: Dispute, reason: str, *, by=None) -> Dispute:
    """Nothing is changed; the reason says why."""
    dispute = _locked(dispute)
    if _is_again(dispute, Outcome.REFUSAL):
        return dispute
    return _end(dispute, Outcome.REFUSAL, reason, by)


def to_credit(dispute: Dispute) -> Decimal:
    """The most that may be credited for it: what was charged, less what was credited for it before.

    What was credited for a bill was credited for its orders, and the other way round, on whichever bill it stands.
    """
    left = _left_of_bill(dispute.bill) if dispute.bill else _left_of_order(dispute.order)
    return max(left, Decimal(0))


def _left_of_bill(bill: Bill) -> Decimal:
    on_it_only = Q(bill=bill, order=None, dispute__bill=None)
    return bill.charges + _put_right(_about(bill) | on_it_only)


def _left_of_order(order: Order) -> Decimal:
    if not order.delivered_at:
        return Decimal(0)  # not delivered, not charged
    left, bill = order.total + _put_right(Q(order=order)), _billed_on(order)
    return min(left, bill.charges + _put_right(_about(bill))) if bill else left


def _about(bill: Bill) -> Q:
    """Adjustments for it or for its orders. Credit from before that it happens to carry is for something else."""
    return Q(dispute__bill=bill) | Q(order__billed__bill=bill)


def _put_right(which: Q) -> Decimal:
    return Adjustment.objects.filter(which).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _billed_on(order: Order) -> Bill | None:
    billed = getattr(order, "billed", None)
    return billed and billed.bill


def _locked(dispute: Dispute) -> Dispute:
    lock_account(dispute.customer_id)
    of = ("self",)
    rows = Dispute.objects.select_for_update(of=of).select_related("order", "bill", "customer")
    return rows.get(pk=dispute.pk)


def _is_again(dispute: Dispute, outcome: Outcome) -> bool:
    if dispute.status != Status.OPEN and dispute.outcome != outcome:
        how = f"is settled already: {dispute.get_outcome_display().lower()}"
        raise ValidationError({"status": ValidationError(f"This dispute {how}.", code="state")})
    return dispute.status != Status.OPEN


def _credit(dispute: Dispute, amount: Decimal, reason: str, by) -> Adjustment:
    return Adjustment.objects.create(
        customer=dispute.customer,
        amount=-Decimal(amount),
        reason=reason,
        order=dispute.order,
        bill=_bill_to_lessen(dispute),
        by=by,
    )


def _bill_to_lessen(dispute: Dispute) -> Bill | None:
    """The disputed bill, or the one the order is on, where something is to pay on it. Else the model chooses."""
    bill = dispute.bill or _billed_on(dispute.order)
    carrier = bill and bill.carrier
    return carrier if carrier and carrier.outstanding else None


def _end(dispute: Dispute, outcome: Outcome, reason: str, by) -> Dispute:
    if not reason.strip():
        raise ValidationError({"reason": "Say why; the customer reads it."})
    dispute.status = Status.REFUSED if outcome == Outcome.REFUSAL else Status.SETTLED
    dispute.outcome, dispute.reason = outcome, reason
    dispute.settled_by, dispute.settled_at = by, clock.now()
    dispute.save()
    return dispute

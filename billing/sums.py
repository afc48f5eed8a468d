"""What bills stand at, many at a time, in one query."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest

from billing.models import Adjustment, Bill, Payment, Refund

RUPEES = DecimalField(max_digits=20, decimal_places=2)
NOTHING = Decimal(0)


def _of_bill(model) -> Coalesce:
    rows = model.objects.filter(bill=OuterRef("pk")).order_by().values("bill").values_list(Sum("amount"))
    return Coalesce(Subquery(rows, output_field=RUPEES), NOTHING, output_field=RUPEES)


def with_sums(bills: QuerySet) -> QuerySet:
    """Named apart from the model's `paid` and `outstanding`, which ask for one bill at a time."""
    summed = bills.annotate(
        paid_sum=_of_bill(Payment), refunded_sum=_of_bill(Refund), adjusted_sum=_of_bill(Adjustment)
    )
    stands = F("previous_balance") + F("charges") + F("adjusted_sum") - F("paid_sum") + F("refunded_sum")
    owed = Case(
        When(Q(carried_to__isnull=True), then=Greatest(F("stands"), NOTHING)),
        default=NOTHING,
        output_field=RUPEES,
    )
    return summed.annotate(stands=stands).annotate(owed=owed)


def owed_of(customers: Collection[int]) -> dict[int, Decimal]:
    """By bill, what is to pay of it, where that is anything.

    What one bill has too much counts for the customer's others, the oldest first: nobody is asked for what they
    have paid.
    """
    rows = with_sums(Bill.objects.filter(customer__in=customers, carried_to=None))
    rows = list(rows.order_by("month", "pk").values_list("pk", "customer", "stands"))
    credit: dict[int, Decimal] = defaultdict(Decimal)
    for _, customer, stands in rows:
        credit[customer] += max(-stands, NOTHING)
    owed = {}
    for bill, customer, stands in rows:
        counted = min(max(stands, NOTHING), credit[customer])
        credit[customer] -= counted
        if stands > counted:
            owed[bill] = stands - counted
    return owed


def owed_together(bills: QuerySet) -> Decimal:
    """What these bills, on each of which something is to pay, stand at together: four sums, however many they are."""
    begun = bills.aggregate(sum=Sum(F("previous_balance") + F("charges")))["sum"] or NOTHING
    moved = (
        sign * (model.objects.filter(bill__in=bills).aggregate(sum=Sum("amount"))["sum"] or NOTHING)
        for model, sign in ((Adjustment, 1), (Payment, -1), (Refund, 1))
    )
    return sum(moved, begun)

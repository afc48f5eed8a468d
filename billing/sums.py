"""What bills stand at, many at a time, in one query."""

from decimal import Decimal

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest

from billing.models import Adjustment, Payment, Refund

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


def owed_together(bills: QuerySet) -> Decimal:
    """What these bills, on each of which something is to pay, stand at together: four sums, however many they are."""
    begun = bills.aggregate(sum=Sum(F("previous_balance") + F("charges")))["sum"] or NOTHING
    moved = (
        sign * (model.objects.filter(bill__in=bills).aggregate(sum=Sum("amount"))["sum"] or NOTHING)
        for model, sign in ((Adjustment, 1), (Payment, -1), (Refund, 1))
    )
    return sum(moved, begun)

"""One customer's month."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest

from billing.fields import MonthField, is_first
from notifications import clock
from orders import days, numbers
from orders.models import Customer, Order

NOTHING = Decimal("0.00")
MOST = Decimal("9999999999.99")  # of what is recorded at once
BY_HAND = "Bill made by hand"


def lock_account(customer: int) -> None:
    """Let nobody else move this customer's money until the transaction ends. Orders are not held up by it."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer)


def rupees(**fields) -> models.DecimalField:
    return models.DecimalField(max_digits=16, decimal_places=2, **{"help_text": "Rupees."} | fields)


class Bill(models.Model):
    """One customer's month. The status follows from its payments (`actions.settle`) and its due date.

    The nightly job makes it of the delivered orders; the next one takes over how it stands (`carried_to`), and
    from then on what is paid for it is paid for that one. One made by hand charges its amount by an adjustment
    of its own, and counts what was paid before.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        PARTIALLY_PAID = "partially_paid", "partially paid"
        PAID = "paid"
        OVERDUE = "overdue"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bills")
    number = models.CharField(max_length=30, unique=True, editable=False)
    month = MonthField(help_text="Any day of the month; kept as its first.")
    previous_balance = rupees(
        default=0, editable=False, help_text="Rupees owed from before; less than nothing is credit."
    )
    charges = rupees(default=0, editable=False, help_text="Rupees for the orders on it.")
    adjustments = rupees(default=0, editable=False, help_text="Rupees put right when it was made.")
    amount = rupees(
        validators=[MinValueValidator(0), MaxValueValidator(MOST)]
    )  # by hand; the job may add up more
    due_date = models.DateField()
    status = models.CharField(max_length=14, choices=Status, default=Status.OPEN, editable=False)
    carried_to = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="carries"
    )
    reminded_for = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-month", "pk")
        indexes = (
            models.Index(fields=("due_date",), condition=~Q(status="paid"), name="bill_unpaid_by_due_date"),
            models.Index(fields=("status", "-month"), name="bill_by_status"),
            models.Index(fields=("due_date", "id"), name="bill_by_due_date"),
            models.Index(fields=("customer",), condition=Q(carried_to__isnull=True), name="bill_not_carried"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "month"),
                name="bill_once_a_month",
                violation_error_message="This customer has a bill for this month already.",
            ),
            models.CheckConstraint(condition=is_first("month"), name="bill_month_is_first"),
            models.CheckConstraint(
                condition=Q(
                    amount=Greatest(F("previous_balance") + F("charges") + F("adjustments"), Decimal(0))
                ),
                name="bill_amount_adds_up",
                violation_error_message="A bill is what is on it, and not less than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "partially_paid", "paid", "overdue")),
                name="bill_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}, {self.customer}"

    def save(self, *args, **kwargs):
        """A bill that is made here is made by hand; the job makes many at once, past this."""
        with transaction.atomic(savepoint=False):
            is_new = self._state.adding and not self.number
            if is_new:
                self._begin()
            super().save(*args, **kwargs)
            if is_new and self.adjustments:
                self._charge()
            if is_new and self._takes_up():
                self.status = Bill.objects.get(pk=self.pk).status_due  # its fields may be text still
                super().save(update_fields=("status",))

    def full_clean(self, *args, **kwargs):
        self._charge_by_hand()
        super().full_clean(*args, **kwargs)

    @property
    def paid(self) -> Decimal:
        return _sum(self.payments)

    @property
    def refunded(self) -> Decimal:
        return _sum(self.refunds)

    @property
    def adjusted(self) -> Decimal:
        """All that was put right on it, also after it was made."""
        return _sum(self.adjusted_by)

    @property
    def standing(self) -> Decimal:
        """What is to pay; less than nothing is credit. Of a carried one, what it stood at then."""
        return (
            Decimal(self.previous_balance) + Decimal(self.charges) + self.adjusted - self.paid + self.refunded
        )

    @property
    def outstanding(self) -> Decimal:
        """Never less than nothing; of a carried one nothing, for the one that carries it asks for that."""
        return NOTHING if self.carried_to_id else max(self.standing, NOTHING)

    @property
    def status_due(self) -> Status:
        """What the status of one that is not carried has to be."""
        if self.standing <= 0:
            return self.Status.PAID
        if self.paid > self.refunded:
            return self.Status.PARTIALLY_PAID
        return self.Status.OVERDUE if self.due_date < days.today() else self.Status.OPEN

    @property
    def carrier(self) -> "Bill":
        """Itself, or the one that carries it now: asked anew, for bills are carried while somebody holds one."""
        bill = Bill.objects.get(pk=self.pk)
        while bill.carried_to:
            bill = bill.carried_to
        return bill

    @classmethod
    def prefix(cls, month) -> str:
        return f"BILL-{month:%Y%m}"

    @classmethod
    def open_of(cls, customer: int) -> "Bill | None":
        """The customer's newest bill on which something is to pay."""
        bills = cls.objects.filter(customer=customer, carried_to=None).exclude(status=cls.Status.PAID)
        return next((bill for bill in bills if bill.outstanding), None)

    def _begin(self) -> None:
        lock_account(self.customer_id)
        self.month = MonthField().to_python(self.month)
        self._charge_by_hand()
        prefix = self.prefix(self.month)
        self.number = numbers.following(prefix)[0]

    def _charge(self) -> None:
        """Past `save`, which would settle the bill before whoever makes it does."""
        row = self.adjusted_by.model(
            customer_id=self.customer_id, bill=self, amount=self.adjustments, reason=BY_HAND
        )
        self.adjusted_by.bulk_create([row])

    def _takes_up(self) -> bool:
        """What was on no bill yet is put on it, as on one that the job makes. Returns whether there was any."""
        rows = (self.payments.model, self.refunds.model, self.adjusted_by.model)
        loose = {"customer": self.customer_id, "bill": None}
        return sum(model.objects.filter(**loose).update(bill=self) for model in rows) > 0

    def _charge_by_hand(self) -> None:
        if self._state.adding and not self.number and self.amount is not None:
            self.adjustments = Decimal(self.amount)


class BilledOrder(models.Model):
    """An order on the bill that charges for it, which is one."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="billed")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Rupees.")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.order} on {self.bill.number}"


def _sum(rows) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING

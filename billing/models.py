"""What a customer owes, and what they paid."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum

from billing.fields import MonthField, is_first
from notifications import clock
from orders.models import Announced, Customer


class Bill(models.Model):
    """One customer's month. The status follows from its payments (`actions.settle`) and its due date."""

    class Status(models.TextChoices):
        OPEN = "open"
        PARTIALLY_PAID = "partially_paid", "partially paid"
        PAID = "paid"
        OVERDUE = "overdue"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bills")
    month = MonthField(help_text="Any day of the month; kept as its first.")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="Rupees.")
    due_date = models.DateField()
    status = models.CharField(max_length=14, choices=Status, default=Status.OPEN, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-month", "pk")
        indexes = (
            models.Index(fields=("due_date",), condition=~Q(status="paid"), name="bill_unpaid_by_due_date"),
            models.Index(fields=("status", "-month"), name="bill_by_status"),
            models.Index(fields=("due_date", "id"), name="bill_by_due_date"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "month"),
                name="bill_once_a_month",
                violation_error_message="This customer has a bill for this month already.",
            ),
            models.CheckConstraint(condition=is_first("month"), name="bill_month_is_first"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="bill_amount_not_negative",
                violation_error_message="A bill is not less than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "partially_paid", "paid", "overdue")),
                name="bill_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer}, {self.month:%B %Y}"

    @property
    def paid(self) -> Decimal:
        return self.payments.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)

    @property
    def outstanding(self) -> Decimal:
        return max(Decimal(self.amount) - self.paid, Decimal(0))


def at_odds(bill: Bill, customer: int | None, month: date | None) -> dict[str, str]:
    """Where a payment says otherwise than the bill it pays: field → sentence. No month is the bill's."""
    if bill.customer_id != customer:
        return {"bill": "This bill is another customer's."}
    if month and MonthField().to_python(month) != bill.month:
        return {"month": f"This bill is for {bill.month:%Y-%m}. Give that month, or leave it out."}
    return {}


class Payment(Announced):
    """Money received. Without a bill it pays the customer's bill of `month`, where there is one."""

    class Method(models.TextChoices):
        CASH = "cash", "cash"
        UPI = "upi", "UPI"
        CARD = "card", "card"
        BANK_TRANSFER = "bank_transfer", "bank transfer"
        WALLET = "wallet", "wallet"
        CHEQUE = "cheque", "cheque"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="Rupees.")
    method = models.CharField(max_length=13, choices=Method)
    transaction_id = models.CharField(
        max_length=100, blank=True, help_text="The bank's or UPI's number for it."
    )
    bill = models.ForeignKey(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="payments")
    month = MonthField(
        blank=True, help_text="Any day of the month it is for. Empty: the bill's, or this one."
    )
    paid_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-paid_at", "-pk")
        indexes = (
            models.Index(fields=("customer", "-paid_at"), name="payment_by_customer"),
            models.Index(fields=("paid_at", "id"), name="payment_by_time"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("method", "transaction_id"),
                condition=~Q(transaction_id=""),
                name="payment_transaction_once",
                violation_error_message="A payment with this transaction id is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_message="A payment is more than nothing.",
            ),
            models.CheckConstraint(condition=is_first("month"), name="payment_month_is_first"),
            models.CheckConstraint(
                condition=Q(method__in=("cash", "upi", "card", "bank_transfer", "wallet", "cheque")),
                name="payment_method_known",
            ),
        )

    def __str__(self) -> str:
        return f"₹{self.amount} from {self.customer}"

    def clean(self):
        if self.bill and (errors := at_odds(self.bill, self.customer_id, self.month)):
            raise ValidationError(errors)
        self._find_its_month()

    def save(self, *args, **kwargs):
        self._find_its_month()
        if self._state.adding and self.bill is None:
            self.bill = Bill.objects.filter(customer=self.customer_id, month=self.month).first()
        super().save(*args, **kwargs)

    def _find_its_month(self) -> None:
        month = self.month or (self.bill.month if self.bill else self.paid_at)
        self.month = MonthField().to_python(month)

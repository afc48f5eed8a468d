"""Money received."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from billing.fields import MonthField, is_first
from billing.models.bill import Bill, lock_account
from billing.rupees import written
from notifications import clock
from orders.models import Announced, Customer

FIRST = date(2000, 1, 1)  # what was paid before that is a slip of the finger


class Method(models.TextChoices):
    CASH = "cash", "cash"
    UPI = "upi", "UPI"
    CARD = "card", "card"
    BANK_TRANSFER = "bank_transfer", "bank transfer"
    WALLET = "wallet", "wallet"
    CHEQUE = "cheque", "cheque"


def at_odds(bill: Bill, customer: int | None, month: date | None) -> dict[str, str]:
    """Where a payment says otherwise than the bill it pays: field → sentence. No month is the bill's."""
    if bill.customer_id != customer:
        return {"bill": "This bill is another customer's."}
    if month and MonthField().to_python(month) != bill.month:
        return {"month": f"This bill is for {bill.month:%Y-%m}. Give that month, or leave it out."}
    return {}


def _against(paid_at: datetime) -> str:
    """Why nothing can have been paid then; empty where it can."""
    if paid_at > clock.now():
        return "This moment is still to come. Say when it was paid."
    if paid_at.date() < FIRST:
        return "This is too long ago. Say when it was paid."
    return ""


class Payment(Announced):
    """Money received. It pays the bill it names, else the customer's bill of `month`, else the newest open one.

    Where that was carried over, it pays the one that carries it. What pays no bill, or too much of one, is credit:
    the next bill counts it.
    """

    Method = Method

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
            models.Index(fields=("customer",), condition=Q(bill__isnull=True), name="payment_without_bill"),
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
        return f"{written(self.amount)} from {self.customer}"

    def clean(self):
        if self.paid_at and (why := _against(self.paid_at)):
            raise ValidationError({"paid_at": why})
        if self.bill and (errors := at_odds(self.bill, self.customer_id, self.month)):
            raise ValidationError(errors)
        if self.customer_id:
            self._find_its_bill()

    def save(self, *args, **kwargs):
        self.as_kept()
        with transaction.atomic(savepoint=False):
            if self._state.adding:
                lock_account(self.customer_id)
                self._find_its_bill()
            super().save(*args, **kwargs)

    def _find_its_bill(self) -> None:
        if self.month:
            self.month = MonthField().to_python(self.month)
        if self.bill is None:
            self.bill = self._bill_of_its_month() if self.month else Bill.open_of(self.customer_id)
        self.month = self.month or (self.bill.month if self.bill else MonthField().to_python(self.paid_at))
        self.bill = self.bill and self.bill.carrier

    def _bill_of_its_month(self) -> Bill | None:
        return Bill.objects.filter(customer=self.customer_id, month=self.month).first()

"""Money given back."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Sum

from billing.models.bill import NOTHING, Bill, lock_account
from billing.models.payment import Method, Payment
from billing.rupees import written
from notifications import clock
from orders.models import Customer


class Refund(models.Model):
    """Money given back: of one payment, or of what the customer paid in all. Never more than was paid."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="Rupees.")
    method = models.CharField(max_length=13, choices=Method)
    transaction_id = models.CharField(
        max_length=100, blank=True, help_text="The bank's or UPI's number for it."
    )
    payment = models.ForeignKey(
        Payment,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="refunds",
        help_text="Empty: of no payment in particular.",
    )
    bill = models.ForeignKey(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds", editable=False
    )
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    refunded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-refunded_at", "-pk")
        indexes = (
            models.Index(fields=("customer", "-refunded_at"), name="refund_by_customer"),
            models.Index(fields=("customer",), condition=Q(bill__isnull=True), name="refund_without_bill"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("method", "transaction_id"),
                condition=~Q(transaction_id=""),
                name="refund_transaction_once",
                violation_error_message="A refund with this transaction id is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="refund_amount_positive",
                violation_error_message="A refund is more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(method__in=("cash", "upi", "card", "bank_transfer", "wallet", "cheque")),
                name="refund_method_known",
            ),
        )

    def __str__(self) -> str:
        return f"{written(self.amount)} back to {self.customer}"

    def save(self, *args, **kwargs):
        """Raises ValidationError for more than was paid."""
        with transaction.atomic(savepoint=False):
            if self._state.adding:
                lock_account(self.customer_id)
                self._refuse_too_much()
                self.bill = self._bill_it_opens()
            super().save(*args, **kwargs)

    def clean(self):
        if self.customer_id and self.amount is not None:
            if transaction.get_connection().in_atomic_block:
                lock_account(self.customer_id)  # what this form is told still holds when it is saved
            self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        if self.payment and self.payment.customer_id != self.customer_id:
            raise ValidationError({"payment": "This payment is another customer's."})
        left = _sum(self.customer.payments) - _sum(self.customer.refunds)
        if self.payment:
            left = min(left, Decimal(self.payment.amount) - _sum(self.payment.refunds))
        if Decimal(self.amount) > left:
            raise ValidationError(
                {"amount": f"{written(left)} was paid and not given back. Give that back, or less."}
            )

    def _bill_it_opens(self) -> Bill | None:
        """The bill its payment pays now. Without a payment: credit that is on no bill goes first."""
        if self.payment:
            return self.payment.bill and self.payment.bill.carrier
        loose = _sum(self.customer.payments.filter(bill=None)) - _sum(self.customer.refunds.filter(bill=None))
        if loose >= Decimal(self.amount):
            return None
        return Bill.objects.filter(customer=self.customer_id, carried_to=None).first()


def _sum(rows) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING

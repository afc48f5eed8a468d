"""What puts money right."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from billing.models.bill import Bill, lock_account
from billing.rupees import written
from notifications import clock
from orders.models import Customer, Order


class Adjustment(models.Model):
    """More (+) or less (−) to pay. Credit lessens the bill that is open; all else is put on the next bill."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="adjustments")
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, help_text="Rupees; with a minus in front, the customer owes less."
    )
    reason = models.CharField(max_length=300, help_text="The customer reads it on the bill.")
    bill = models.ForeignKey(
        Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="adjusted_by", editable=False
    )
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="adjustments"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("customer", "-created_at"), name="adjustment_by_customer"),
            models.Index(
                fields=("customer",), condition=Q(bill__isnull=True), name="adjustment_without_bill"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="adjustment_not_nothing",
                violation_error_message="An adjustment of nothing changes nothing.",
            ),
        )

    def __str__(self) -> str:
        return f"{written(self.amount)} for {self.customer}: {self.reason}"

    def save(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            if self._state.adding and self.bill is None:
                lock_account(self.customer_id)
                self.bill = Bill.open_of(self.customer_id) if Decimal(self.amount) < 0 else None
            super().save(*args, **kwargs)

    def clean(self):
        if self.order and self.order.customer_id != self.customer_id:
            raise ValidationError({"order": "This order is another customer's."})

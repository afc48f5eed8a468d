"""What a customer says is wrong."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from billing.models.adjustment import Adjustment
from billing.models.bill import Bill
from notifications import clock
from orders.models import Customer, Order


class Dispute(models.Model):
    """open ──► settled (by an adjustment, or by bringing it again) | refused.  `actions` moves it.

    About an order or about a bill. One may be open about each.
    """

    class What(models.TextChoices):
        NOT_DELIVERED = "not_delivered", "not delivered"
        WRONG_ITEM = "wrong_item", "wrong item"
        DAMAGED = "damaged"
        WRONG_AMOUNT = "wrong_amount", "wrong amount"

    class Status(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        REFUSED = "refused"

    class Outcome(models.TextChoices):
        ADJUSTMENT = "adjustment"
        REDELIVERY = "redelivery", "brought again"
        REFUSAL = "refusal"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="disputes")
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    bill = models.ForeignKey(Bill, null=True, blank=True, on_delete=models.PROTECT, related_name="disputes")
    what = models.CharField("what is wrong", max_length=13, choices=What)
    words = models.TextField("in their words", blank=True, max_length=2000)
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    adjustment = models.OneToOneField(
        Adjustment, null=True, editable=False, on_delete=models.PROTECT, related_name="dispute"
    )
    redelivery = models.OneToOneField(
        Order, null=True, editable=False, on_delete=models.PROTECT, related_name="redelivers"
    )

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("status", "id"), name="dispute_by_status"),
            models.Index(fields=("customer", "-opened_at"), name="dispute_by_customer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(order__isnull=False, bill__isnull=True)
                | Q(order__isnull=True, bill__isnull=False),
                name="dispute_about_one",
                violation_error_message="Name an order or a bill, one of the two.",
            ),
            models.UniqueConstraint(
                fields=("order",),
                condition=Q(status="open"),
                name="dispute_open_once_of_order",
                violation_error_message="A dispute about this order is open already.",
            ),
            models.UniqueConstraint(
                fields=("bill",),
                condition=Q(status="open"),
                name="dispute_open_once_of_bill",
                violation_error_message="A dispute about this bill is open already.",
            ),
            models.CheckConstraint(
                condition=Q(status="open", settled_at__isnull=True)
                | Q(status__in=("settled", "refused"), settled_at__isnull=False),
                name="dispute_status_known",
            ),
            models.CheckConstraint(
                condition=Q(what__in=("not_delivered", "wrong_item", "damaged", "wrong_amount")),
                name="dispute_what_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_what_display().capitalize()}: {self.about}"

    @property
    def about(self) -> str:
        if self.order:
            return f"order {self.order}"
        return f"bill {self.bill.number}" if self.bill else "nothing"

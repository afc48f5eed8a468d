"""What is promised to a customer who is asked back."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from orders.models.customer import Customer
from orders.models.order import Order
from orders.models.subscription import Subscription


class Offer(models.Model):
    """made ──► earned ──► used by an order ──► earned again, where that order is cancelled.

    Made with the message that promises it; earned by who has a subscription running again before `until`.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="offers")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="offers")
    cause = models.CharField(max_length=60, unique=True, help_text="The pause or the end it was made for.")
    percent = models.PositiveSmallIntegerField(
        default=25, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    made_at = models.DateTimeField()
    until = models.DateTimeField("stands until")
    earned_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="offer", verbose_name="used by"
    )

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=99), name="offer_percent_sane"),
            models.CheckConstraint(
                condition=Q(order__isnull=True) | Q(earned_at__isnull=False), name="offer_used_was_earned"
            ),
            models.CheckConstraint(
                condition=Q(earned_at__isnull=True) | Q(earned_at__lte=F("until")),
                name="offer_earned_in_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} % for {self.customer}"

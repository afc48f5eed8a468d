"""What is brought on one day to one customer."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from notifications import clock
from orders import numbers
from orders.models.announced import Announced
from orders.models.customer import Customer, Product
from orders.models.subscription import MOST, Subscription


class Order(Announced):
    """pending ──► confirmed ──► cancelled.  `actions` moves it; it is pending only while it is given items.

    `number` is what people call it, from when it is confirmed. `delivered_at` is set by delivery, and is what billing
    bills from.
    """

    class Kind(models.TextChoices):
        ONE_TIME = "one_time", "one time"
        SUBSCRIPTION = "subscription", "from subscriptions"

    class Status(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    number = models.CharField(max_length=30, unique=True, null=True, blank=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ONE_TIME, editable=False)
    delivery_date = models.DateField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING, editable=False)
    discount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        editable=False,
        help_text="Rupees off what the items cost.",
    )
    total = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=0,
        editable=False,
        help_text="Rupees: what the items cost, less the discount.",
    )
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("customer", "-delivery_date"), name="order_by_customer"),
            models.Index(fields=("delivery_date", "status"), name="order_by_day"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "delivery_date"),
                condition=Q(kind="subscription"),
                name="order_nightly_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(total__gt=0), name="order_confirmed_has_total"
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(condition=Q(discount__gte=0), name="order_discount_not_negative"),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(number__isnull=False), name="order_confirmed_has_number"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(status="confirmed"),
                name="order_delivered_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("pending", "confirmed", "cancelled")), name="order_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("one_time", "subscription")), name="order_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    def save(self, *args, **kwargs):
        """Give a confirmed order its number, as late as can be: others wait for theirs until this is committed."""
        if self.status == self.Status.CONFIRMED and not self.number:
            self.number = numbers.next_order()
        super().save(*args, **kwargs)


class OrderItem(models.Model):
    """`price` is what one unit cost on the day of the order; left empty it is the product's.

    `subscription` is the one that a nightly order has it from.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    price = models.DecimalField(max_digits=8, decimal_places=2, editable=False)
    # Looked up within one order only: no index for every nightly row.
    subscription = models.ForeignKey(
        Subscription, null=True, editable=False, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="item_quantity_positive"),
            models.CheckConstraint(condition=Q(price__gt=0), name="item_price_positive"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product}"

    def save(self, *args, **kwargs):
        if self.price is None:
            self.price = self.product.price
        super().save(*args, **kwargs)

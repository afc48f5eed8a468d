"""What is brought again and again: the pattern, its pauses, and the days that differ."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from notifications import clock
from orders.models.announced import Announced
from orders.models.customer import Customer, Product

MOST = 1000  # of one product on one day; more is a slip of the finger
WEEKDAYS = tuple(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))


class Subscription(Announced):
    """active ──► paused ──► active;  active | paused ──► cancelled, which is final.

    The status says how it stands today; which days are left out is read from the pauses.
    """

    class Pattern(models.TextChoices):
        DAILY = "daily", "every day"
        ALTERNATE_DAYS = "alternate_days", "every other day"
        WEEKLY = "weekly", "once a week"
        CUSTOM_DAYS = "custom_days", "on chosen weekdays"

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        CANCELLED = "cancelled"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="subscriptions")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="subscriptions")
    quantity = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    pattern = models.CharField(max_length=14, choices=Pattern, default=Pattern.DAILY)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=WEEKDAYS),
        default=list,
        blank=True,
        help_text="For once a week (empty: the weekday it starts on) and chosen weekdays.",
    )
    start = models.DateField()
    end = models.DateField(null=True, blank=True, help_text="The last day. Empty: until cancelled.")
    status = models.CharField(max_length=9, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("start", "end"), condition=Q(status="active"), name="subscription_running"),
            models.Index(fields=("status", "customer"), name="subscription_by_status"),
            models.Index(fields=("end",), condition=Q(end__isnull=False), name="subscription_by_end"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="subscription_quantity_positive"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="subscription_end_after_start",
                violation_error_message="The end is before the start.",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7))), name="subscription_weekdays_known"
            ),
            models.CheckConstraint(
                condition=~Q(pattern="custom_days") | Q(weekdays__len__gt=0),
                name="subscription_custom_has_days",
                violation_error_message="Choose at least one weekday.",
            ),
            models.CheckConstraint(
                condition=~Q(pattern="weekly") | Q(weekdays__len__lte=1),
                name="subscription_weekly_one_day",
                violation_error_message="Once a week is one weekday; for more, take chosen weekdays.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("active", "paused", "cancelled")), name="subscription_status_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product} for {self.customer}"


class SubscriptionPause(Announced):
    """Nothing is brought from `from_date` until the day before `resume_date`."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="pauses")
    from_date = models.DateField()
    resume_date = models.DateField(null=True, blank=True, help_text="Empty: until the customer resumes.")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ("-from_date", "-pk")
        indexes = (models.Index(fields=("from_date", "resume_date"), name="pause_days"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(resume_date__isnull=True) | Q(resume_date__gt=F("from_date")),
                name="pause_resumes_after_it_began",
                violation_error_message="The day to resume must come after the day the pause begins.",
            ),
        )

    def __str__(self) -> str:
        return f"from {self.from_date} until {self.resume_date or 'resumed'}"


class SubscriptionOverride(models.Model):
    """One day that differs: another quantity, or 0 to skip it."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="overrides")
    date = models.DateField()
    quantity = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(MOST)], help_text="0 skips the day."
    )

    class Meta:
        ordering = ("date",)
        constraints = (
            models.UniqueConstraint(
                fields=("subscription", "date"),
                name="override_once_a_day",
                violation_error_message="This day has a quantity of its own already. Change that one.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} on {self.date}"

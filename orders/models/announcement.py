"""What many customers are told, as staff planned it: of a product, or a kind of message of their own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from notifications import registry
from orders.models.customer import Product


def _by() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )


class Announcement(models.Model):
    """draft ──► scheduled ──► running ──► done;  scheduled | running | done ──► stopped.

    `announcements` moves it. Done: all messages are queued, and go out as fast as WhatsApp takes them. What is stopped
    has its waiting messages taken back, until `withdrawn_at`. `last_customer` is how far it has come: customers are
    told in the order of their ids.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        SCHEDULED = "scheduled"
        RUNNING = "running"
        DONE = "done", "all queued"
        STOPPED = "stopped"

    class Subscribers(models.TextChoices):
        ANY = "any", "everybody"
        YES = "yes", "only who has a subscription running"
        NO = "no", "only who has none running"

    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="announcements"
    )
    kind = models.CharField(
        "what to say", max_length=64, blank=True, default="", db_default="", help_text="Empty: a new product."
    )
    values = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    is_notice = models.BooleanField(
        "this is a notice of service",
        default=False,
        db_default=False,
        help_text="Nothing in it sells or wins back. Only needed where the kind is a utility one.",
    )
    areas = ArrayField(models.CharField(max_length=100), default=list, blank=True, help_text="None: all.")
    languages = ArrayField(
        models.CharField(max_length=8, choices=registry.LANGUAGES),
        default=list,
        blank=True,
        help_text="Of the customer's record. None: all.",
    )
    bought = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="has bought",
        help_text="Only who has ordered this. Empty: whatever they bought.",
    )
    not_bought = models.ForeignKey(
        Product,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="has not bought",
        help_text="Not who has ordered this.",
    )
    bought_since = models.DateField(
        "since", null=True, blank=True, help_text="For both: deliveries from this day on. Empty: ever."
    )
    subscribers = models.CharField(max_length=3, choices=Subscribers, default=Subscribers.ANY)
    at = models.DateTimeField(
        "not before", null=True, blank=True, help_text="Empty: as soon as you start it."
    )

    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    last_customer = models.BigIntegerField(default=0, editable=False)
    audience = models.PositiveIntegerField(
        default=0, editable=False, help_text="Customers, when it was started."
    )
    reached = models.PositiveIntegerField("customers so far", default=0, editable=False)
    queued = models.PositiveIntegerField(default=0, editable=False)
    suppressed = models.PositiveIntegerField(
        "not told", default=0, editable=False, help_text="The log of messages says why, for each."
    )
    withdrawn = models.PositiveIntegerField(
        "taken back", default=0, editable=False, help_text="Queued, and stopped before they were sent."
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    made_by, started_by, stopped_by = _by(), _by(), _by()
    made_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField("done or stopped at", null=True, editable=False)

    class Meta:
        ordering = ("-pk",)
        permissions = (("start_announcement", "Can start and stop announcements"),)
        indexes = (
            models.Index(
                fields=("at",),
                condition=Q(status__in=("scheduled", "running")),
                name="announcement_under_way",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(product__isnull=False, kind="") | (Q(product__isnull=True) & ~Q(kind="")),
                name="announcement_of_a_product_or_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "scheduled", "running", "done", "stopped")),
                name="announcement_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}, announced"

    @property
    def subject(self) -> str:
        """What it tells of, in words."""
        if self.product is not None:
            return str(self.product)
        kind = registry.get(self.kind)
        return kind.label if kind else self.kind

    @property
    def reference(self) -> str:
        """What its messages refer to. Those of a product refer to it, whoever announces it."""
        return f"product_{self.product_id}" if self.product_id else f"announcement_{self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether its numbers move by themselves."""
        is_going_back = self.status == self.Status.STOPPED and not self.withdrawn_at
        return self.status in (self.Status.SCHEDULED, self.Status.RUNNING) or is_going_back

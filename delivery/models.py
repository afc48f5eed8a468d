"""Who brings an order, when, and whether it arrived."""

from datetime import datetime, time

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from notifications import clock
from orders import days
from orders.fields import PhoneField, is_e164
from orders.models import Announced, Order

CLOSING = ("delivered_at", "not_delivered_at", "reason")  # what goes with the status


class Agent(models.Model):
    """A delivery person. The phone is given to customers whose delivery is late."""

    name = models.CharField(max_length=100)
    phone = PhoneField(unique=True, error_messages={"unique": "Another agent has this phone number already."})
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="delivery_agent",
        help_text="Whoever signs in as this user sees and works the deliveries given to this agent.",
    )

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.CheckConstraint(condition=is_e164("phone"), name="agent_phone_e164"),)

    def __str__(self) -> str:
        return self.name


class Delivery(Announced):
    """pending ──► out_for_delivery ──► delivered | not_delivered;  anything not delivered ──► cancelled.

    not_delivered ──► delivered, on the day it was marked: a slip of the finger.

    `actions` moves it. Without an `eta` the customer expects it by the end of the slot.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        OUT_FOR_DELIVERY = "out_for_delivery", "out for delivery"
        DELIVERED = "delivered"
        NOT_DELIVERED = "not_delivered", "not delivered"
        CANCELLED = "cancelled"

    class Reason(models.TextChoices):
        NOBODY_HOME = "nobody_home", "nobody home"
        DOOR_LOCKED = "door_locked", "door or gate locked"
        ADDRESS_NOT_FOUND = "address_not_found", "address not found"
        DAMAGED = "damaged", "damaged on the way"
        OUT_OF_STOCK = "out_of_stock", "out of stock"
        OTHER = "other", "other: see the note"

    AHEAD = (Status.PENDING, Status.OUT_FOR_DELIVERY)

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="delivery")
    date = models.DateField()
    slot_start = models.TimeField(default=time(6))
    slot_end = models.TimeField(default=time(8))
    eta = models.DateTimeField("ETA", null=True, blank=True, help_text="Moving it later tells the customer.")
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    area = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING, editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    not_delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.CharField(
        "why not", max_length=20, choices=Reason, blank=True, default="", db_default="", editable=False
    )
    note = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="For the route sheet: ring twice. Or what happened at the door.",
    )

    delayed = False  # whether the last save moved the ETA later

    class Meta:
        ordering = ("-date", "area", "pk")
        verbose_name_plural = "deliveries"
        indexes = (
            models.Index(fields=("date", "area"), name="delivery_route"),
            models.Index(fields=("agent", "date"), name="delivery_by_agent"),
            models.Index(fields=("date", "status"), name="delivery_by_status"),
            models.Index(fields=("date", "id"), name="delivery_by_date"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(slot_end__gt=F("slot_start")),
                name="delivery_slot_ends_after_start",
                violation_error_message="The slot ends before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
                name="delivery_delivered_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(status="not_delivered", not_delivered_at__isnull=False) & ~Q(reason=""))
                | (~Q(status="not_delivered") & Q(not_delivered_at__isnull=True, reason="")),
                name="delivery_not_delivered_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("pending", "out_for_delivery", "delivered", "not_delivered", "cancelled")
                ),
                name="delivery_status_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order} on {self.date}"

    def save(self, *args, update_fields=None, **kwargs):
        """One that is delivered gives its moment to its order: that one is billed."""
        self.as_kept()
        self._close()
        if update_fields and "status" in update_fields:
            update_fields = {*update_fields, *CLOSING}
        with transaction.atomic(savepoint=False):
            self.delayed = (update_fields is None or "eta" in update_fields) and self._moves_later()
            if self.status == self.Status.DELIVERED:
                Order.objects.filter(pk=self.order_id).update(delivered_at=self.delivered_at)
            super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def slot_starts_at(self) -> datetime:
        return days.moment(self.date, self.slot_start)

    @property
    def slot_ends_at(self) -> datetime:
        return days.moment(self.date, self.slot_end)

    @property
    def expected_by(self) -> datetime:
        """When the customer expects it, at the latest. A later ETA is a delay."""
        return self.eta or self.slot_ends_at

    def _close(self) -> None:
        """Moment and reason as the status has them: now, and `other`, where a program gives only the status."""
        if self.status == self.Status.DELIVERED:
            self.delivered_at = self.delivered_at or clock.now()
        if self.status == self.Status.NOT_DELIVERED:
            self.not_delivered_at = self.not_delivered_at or clock.now()
            self.reason = self.reason or self.Reason.OTHER
        else:
            self.not_delivered_at, self.reason = None, ""

    def _moves_later(self) -> bool:
        """Compared with the row, not with what this process once read: two dispatchers may move one ETA."""
        if self._state.adding or self.eta is None or self.status not in self.AHEAD:
            return False
        known = Delivery.objects.select_for_update().filter(pk=self.pk).values_list("eta", flat=True).first()
        return self.eta > (known or self.slot_ends_at)

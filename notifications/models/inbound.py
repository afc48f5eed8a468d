"""What customers wrote to us."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models

from backoffice.masking import masked_in


class InboundMessage(models.Model):
    """One message of a customer's, once, however often it was reported."""

    class Asks(models.TextChoices):
        STOP = "stop", "to hear nothing more"
        START = "start", "to hear from us again"

    phone = models.CharField(max_length=16, help_text="E.164.")
    type = models.CharField(max_length=32, help_text="WhatsApp's: text, image, audio, …")
    text = models.TextField(blank=True, help_text="Empty for pictures, sounds and the like.")
    asks = models.CharField(
        max_length=5, choices=Asks, blank=True, help_text="What the whole message asks for, if anything."
    )
    received_at = models.DateTimeField(help_text="When WhatsApp had it.")
    provider_message_id = models.CharField(max_length=128, unique=True)
    webhook_event_id = models.BigIntegerField(help_text="The event that brought it, as it came.")

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = "reply"
        verbose_name_plural = "replies"
        indexes = (
            models.Index(fields=("phone", "-received_at", "-id"), name="inbound_by_phone"),
            models.Index(fields=("-received_at", "-id"), name="inbound_by_time"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(asks__in=["", "stop", "start"]), name="inbound_asks_known"
            ),
        )

    def __str__(self) -> str:
        return masked_in(self.beginning)  # titles show it to everybody

    @property
    def beginning(self) -> str:
        """Of its text, or what it was instead."""
        is_lost = self.type in {"", "text"}  # erased, or of a shape nobody knows
        return self.text[:60] or ("(no text)" if is_lost else f"({self.type})")

    @staticmethod
    def keep(found: Collection[InboundMessage]) -> list[InboundMessage]:
        """Store what is not known yet, by the provider's id, and return that."""
        # In one order: two may store the same at once.
        rows = sorted(found, key=lambda row: row.provider_message_id)
        InboundMessage.objects.bulk_create(rows, ignore_conflicts=True)
        ids = {row.provider_message_id for row in rows}
        stored = InboundMessage.objects.filter(provider_message_id__in=ids)
        events = {row.webhook_event_id for row in rows}
        return [row for row in stored if row.webhook_event_id in events]

"""The queue: narrow rows for live messages only. The rows are the queue; Celery carries nudges."""

from __future__ import annotations

from django.db import models

from notifications.models.message import Message
from notifications.registry import MessageKind


class Priority(models.IntegerChoices):
    URGENT = 0
    UTILITY = 1
    MARKETING = 2

    @classmethod
    def of(cls, kind: MessageKind | None) -> Priority:
        """Of a kind; of one that nobody declares any more, the middle."""
        if kind is not None and kind.urgent:
            return cls.URGENT
        return cls.MARKETING if kind is not None and kind.category == "marketing" else cls.UTILITY


class Held(models.TextChoices):
    """Why a row waits for more than time. A held row is outside the claim's index until it is released."""

    TEMPLATE = "template", "the approved template is not sendable"
    UNCERTAIN = "uncertain", "it may have been sent: staff decide"
    POISON = "poison", "its handling failed three times: staff decide"
    STAFF = "staff", "held by staff"


class QueuedMessage(models.Model):
    """One live message: when it is due, who owns it until when, and how often it was tried.

    `token` is the id of the attempt that the lease was taken for. An expired lease is never claimed again
    as it is: a sweep makes the message uncertain first.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="queued")
    priority = models.PositiveSmallIntegerField(choices=Priority)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.BigIntegerField(null=True, blank=True)
    held_for = models.CharField(max_length=10, choices=Held, null=True, blank=True)  # noqa: DJ001 (IS NULL)
    waits_for = models.CharField(max_length=20, blank=True, help_text="Why it was put off, for who looks.")
    withdrawn = models.CharField(
        max_length=10, blank=True, help_text="What it becomes unless it was accepted."
    )
    withdrawn_why = models.CharField(max_length=200, blank=True)
    withdrawn_code = models.CharField(
        max_length=64, blank=True, db_default="", help_text="The reason's code, should it become that."
    )
    tries = models.PositiveSmallIntegerField(default=0)
    claims = models.PositiveSmallIntegerField(default=0, help_text="Claims since the last recorded outcome.")
    put_offs = models.PositiveSmallIntegerField(default=0)
    spaced = models.BooleanField(default=False, help_text="It has its place in its person's pace.")
    passes_hours = models.BooleanField(
        default=False, help_text="Staff asked for it now: house hours do not hold it."
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("priority", "due_at", "message"),
                condition=models.Q(lease_until__isnull=True, held_for__isnull=True),
                name="queue_due",
            ),
            models.Index(
                fields=("lease_until",), condition=models.Q(lease_until__isnull=False), name="queue_leased"
            ),
            models.Index(fields=("expires_at",), name="queue_expiry"),
            models.Index(fields=("held_for",), condition=models.Q(held_for__isnull=False), name="queue_held"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(lease_until__isnull=True, token__isnull=True)
                | models.Q(lease_until__isnull=False, token__isnull=False),
                name="queue_lease_has_token",
            ),
        )

    def __str__(self) -> str:
        return f"message {self.message_id} due {self.due_at}"

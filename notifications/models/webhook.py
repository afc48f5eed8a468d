"""What MyOperator told us, kept as it came."""

from django.db import models
from django.utils import timezone


class WebhookEvent(models.Model):
    event_id = models.CharField(max_length=128, unique=True)
    event_type = models.CharField(max_length=64, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="When it is looked at next.")
    applied_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it matched no message yet.")
    result = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=models.Q(applied_at__isnull=True), name="webhook_unapplied"
            ),
            # A reply is found at once behind any number of receipts.
            models.Index(
                fields=("due_at", "id"),
                condition=models.Q(applied_at__isnull=True, event_type="message.received"),
                name="webhook_unapplied_replies",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"

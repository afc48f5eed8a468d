"""What a timeline is read from: every try, and everything that is not a try.

No database foreign keys: these tables are to be partitioned and dropped by month.
"""

from django.db import models

from notifications import clock


class Attempt(models.Model):
    """One request to the provider. Its id is the lease's token and our reference at the provider."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        NOT_SENT = "not_sent"
        TOO_FAST = "too_fast"
        NOT_NOW = "not_now"
        REJECTED = "rejected"
        TEMPLATE_HELD = "template_held"
        CHANNEL_DOWN = "channel_down"
        UNCERTAIN = "uncertain"

    message_id = models.BigIntegerField(db_index=True)
    number = models.PositiveSmallIntegerField(help_text="1 for the first try; a put-off repeats the number.")
    outcome = models.CharField(max_length=16, choices=Outcome)
    code = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    provider_message_id = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001 (unique)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("provider_message_id",),
                condition=models.Q(provider_message_id__isnull=False),
                name="attempt_provider_id_once",
            ),
        )

    def __str__(self) -> str:
        return f"try {self.number}: {self.outcome}"


class MessageEvent(models.Model):
    """What happened to a message that was not a try: held, put off, receipts, what staff did, who."""

    message_id = models.BigIntegerField(db_index=True)
    what = models.CharField(max_length=32)
    detail = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150, blank=True, help_text="The user, or empty for the system.")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.what

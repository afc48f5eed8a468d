"""The log: one row per message, from the moment it was asked for.

    queued ──► sending ──► sent ──► delivered ──► read
      ▲           ├──► retrying ──► sending            (tried, comes again)
      │           ├──► uncertain ──► sending           (MyOperator may have it; a receipt may settle it)
      │           ├──► queued                          (put off: nothing was tried)
      │           └──► failed
      └── resend by staff: failed | expired | suppressed | cancelled ──► queued

    queued | sending | retrying | uncertain ──► expired | suppressed | cancelled     (never sent, or not again)

A receipt may also move: sent ──► failed | retrying; queued | uncertain | retrying | failed ──► sent | delivered | read.
`MOVES` is this picture; `transition.move` is the only writer, and the database refuses any other status.
"""

from django.db import models
from django.utils import timezone


class Status(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    RETRYING = "retrying"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


LIVE = frozenset({Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN})
ENDED_UNSENT = frozenset({Status.FAILED, Status.EXPIRED, Status.SUPPRESSED, Status.CANCELLED})
_UNSENT = ("failed", "expired", "suppressed", "cancelled")  # in one order, for the database
_RECEIVED = frozenset({Status.SENT, Status.DELIVERED, Status.READ})
_GIVEN_UP = frozenset({Status.EXPIRED, Status.SUPPRESSED, Status.CANCELLED})

MOVES: dict[Status, frozenset[Status]] = {
    # A receipt for an earlier try: the message was put off since, or staff are sending it again.
    Status.QUEUED: frozenset({Status.SENDING, Status.FAILED}) | _RECEIVED | _GIVEN_UP,
    Status.SENDING: LIVE - {Status.SENDING} | {Status.FAILED} | _RECEIVED | _GIVEN_UP,
    Status.RETRYING: frozenset({Status.SENDING, Status.FAILED}) | _RECEIVED | _GIVEN_UP,
    Status.UNCERTAIN: frozenset({Status.SENDING, Status.RETRYING, Status.FAILED}) | _RECEIVED | _GIVEN_UP,
    Status.SENT: frozenset({Status.DELIVERED, Status.READ, Status.FAILED, Status.RETRYING}),
    Status.DELIVERED: frozenset({Status.READ}),
    Status.READ: frozenset(),
    Status.FAILED: frozenset({Status.QUEUED}) | _RECEIVED,
    # An acceptance that was on its way when the message was given up is the truth, and is told.
    Status.EXPIRED: frozenset({Status.QUEUED}) | _RECEIVED,
    Status.SUPPRESSED: frozenset({Status.QUEUED}) | _RECEIVED,
    Status.CANCELLED: frozenset({Status.QUEUED}) | _RECEIVED,
}

# What did not go although somebody meant it to, until staff send it again or give it up. A text that is switched off
# may be meant so, or forgotten: staff are told. What the customer does not want needs nobody, nor does a test.
UNSETTLED = models.Q(given_up_at__isnull=True, is_test=False) & (
    models.Q(status__in=(Status.FAILED, Status.EXPIRED))
    | models.Q(status=Status.SUPPRESSED, error_code="template_off")
)


class Message(models.Model):
    """One message to one person. `created_at` is when it was queued; texts never change after that."""

    phone = models.CharField(max_length=32, help_text="E.164, for example +919876543210.")
    kind = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")
    text = models.TextField(blank=True)
    variables = models.JSONField(default=dict, blank=True)
    template_version = models.PositiveIntegerField(null=True, blank=True)
    approved = models.JSONField(
        null=True,
        blank=True,
        help_text='The approved template it goes by: {"name", "language", "values"}. Only the chat API has one.',
    )
    reference_id = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True)
    cost = models.DecimalField(
        max_digits=8, decimal_places=4, null=True, blank=True, help_text="Rupees. Empty: never accepted."
    )
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="Staff tried a text with it: the statistics leave it out."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(
        null=True, blank=True, help_text="Staff saw that it did not go, and need not be told of it again."
    )

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = (("see_numbers", "Can see whole telephone numbers"),)
        indexes = (
            models.Index(fields=("phone", "-created_at", "-id"), name="message_by_phone"),
            models.Index(fields=("status", "-created_at", "-id"), name="message_by_status"),
            models.Index(fields=("reference_id", "-created_at", "-id"), name="message_by_reference"),
            models.Index(fields=("-created_at", "status", "-id"), name="message_by_time_status"),
            models.Index(fields=("-created_at", "-id"), name="message_by_time"),
            models.Index(fields=("kind", "-created_at", "-id"), name="message_by_kind"),
            models.Index(
                fields=("-created_at", "-id"), condition=models.Q(tries__gt=1), name="message_retried_by_time"
            ),
            models.Index(
                fields=("error_code", "kind", "-created_at", "-id"),
                condition=UNSETTLED,
                name="message_unsettled",
            ),
            # Of the few that have a reason, or ended unsent: what staff look for, and what most messages never enter.
            models.Index(
                fields=("error_code", "-created_at", "-id"),
                condition=~models.Q(error_code=""),
                name="message_by_error",
            ),
            models.Index(
                fields=("kind", "-created_at", "-id"),
                condition=models.Q(status__in=_UNSENT),
                name="message_unsent_by_kind",
            ),
            models.Index(
                fields=("-created_at", "-id"), condition=models.Q(is_test=True), name="message_tests_by_time"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="message_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status__in=_RECEIVED) | models.Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.public_id} {self.kind}"

    @property
    def public_id(self) -> str:
        """The id the API shows: `msg_42`."""
        return f"msg_{self.pk}"

    @property
    def retried(self) -> bool:
        return self.tries > 1

    @property
    def unsettled(self) -> bool:
        """As `UNSETTLED` says it to the database."""
        is_off = self.status == Status.SUPPRESSED and self.error_code == "template_off"
        is_open = self.given_up_at is None and not self.is_test
        return is_open and (self.status in (Status.FAILED, Status.EXPIRED) or is_off)


class MessageKey(models.Model):
    """A business event and the message it made. Outlives the log, so that an old event never sends again.

    What is to be said once (the outbox's `once`) is a key too: it names what the message that says it is about.
    """

    key = models.CharField(max_length=200, primary_key=True)
    message_id = models.BigIntegerField()
    reference = models.CharField(max_length=100, blank=True, db_default="", default="")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key

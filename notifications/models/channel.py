"""A sending number: whether it may send, why not, and its pace."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from notifications.models.batch import Batch

logger = logging.getLogger(__name__)

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Channel(models.Model):
    """One row per sending number; every claim locks it, so what it says holds for all workers.

    `next_free_at` goes by the database's clock; `probe_at` and `not_before` by the application's.
    """

    class State(models.TextChoices):
        OPEN = "open", "sending"
        OUTAGE = "outage", "the provider cannot be reached"
        DOWN = "down", "the provider refuses our account"
        STOPPED = "stopped", "stopped by staff"

    number = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(default=timezone.now)
    next_free_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    probe_at = models.DateTimeField(default=timezone.now)
    probe_message_id = models.BigIntegerField(null=True, blank=True)
    not_sent_in_a_row = models.PositiveIntegerField(default=0)
    troubled_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    changed_by = models.CharField(max_length=150, blank=True)
    database_now: datetime  # read with the lock; not a column

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "outage", "down", "stopped"]),
                name="channel_state_known",
            ),
        )

    def __str__(self) -> str:
        return self.number or "channel"

    # By hand: each claim asks these three, and building them with the ORM cost more than their answers.
    # Whoever is suspended while they hold the lock are cut off after ten seconds: else nobody could send.
    _LOCK = """SELECT *, clock_timestamp() AS database_now,
        set_config('idle_in_transaction_session_timeout', '10s', true) AS cut_off
        FROM notifications_channel WHERE number = %s FOR NO KEY UPDATE"""
    _UNWELL = """SELECT EXISTS (SELECT FROM notifications_channel WHERE number = %s AND NOT (
        state IN ('open', 'stopped') AND not_sent_in_a_row = 0 AND troubled_ids = '{}'))"""

    @classmethod
    def locked(cls, number: str) -> Channel:
        """The row of this number, locked until the transaction ends; made when it is first asked for.

        Its `database_now` is the database's clock of this moment.
        """
        for found in Channel.objects.raw(cls._LOCK, [number]):
            return found
        # Nothing stands against a number that was never sent from: "now" would be later than the claim's.
        Channel.objects.bulk_create([Channel(number=number, not_before=_LONG_AGO)], ignore_conflicts=True)
        return Channel.objects.raw(cls._LOCK, [number])[0]

    @classmethod
    def is_unwell(cls, number: str) -> bool:
        """Whether something stands against it that good news would clear. Locks nothing."""
        with connection.cursor() as cursor:
            cursor.execute(cls._UNWELL, [number])
            return bool(cursor.fetchone()[0])

    def become(self, state: State, why: str, now: datetime, probe_in: float) -> bool:
        """Change a locked row, unsaved; the first probe goes in so many seconds. What staff stopped stays so.

        Returns whether it was another state. Its history is written with it.
        """
        if self.state in {state, Channel.State.STOPPED}:
            return False
        self.state, self.reason, self.since = state, why[:500], now
        self.probe_at, self.probe_message_id, self.changed_by = now + timedelta(seconds=probe_in), None, ""
        ChannelEvent.keep(self)
        level = logging.INFO if state == Channel.State.OPEN else logging.ERROR
        logger.log(level, "channel %s: %s", state, why or "sending again")
        return True

    def free_from(self, moment: datetime) -> None:
        """Move the pace on to `moment`, by the database's clock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_channel SET next_free_at = %s WHERE id = %s", [moment, self.pk]
            )


class ChannelEvent(models.Model):
    """Each time a sending number opened or closed: when, why, and who, where somebody did it in person."""

    number = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=Channel.State)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150, blank=True, help_text="The user, or empty for the system.")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("number", "-at", "-id"), name="channel_event_by_number"),)

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def keep(cls, channel: Channel) -> None:
        """Write down how a channel stands from now on. Belongs in the transaction that saves it."""
        cls.objects.create(
            number=channel.number,
            state=channel.state,
            reason=channel.reason,
            by=channel.changed_by,
            at=channel.since,
        )


_PACE = Batch("pace", phone="text", ahead="float8")


class PersonPace(models.Model):
    """When the next message to one person would be in step (a leaky bucket); unlogged, a crash forgets it."""

    phone = models.CharField(max_length=32, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.phone

    @classmethod
    def write(cls, ahead: dict[str, float], now: datetime) -> None:
        """Remember by how many seconds from now each number's pace is spoken for."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO notifications_personpace (phone, free_at)
                SELECT phone, %(now)s + ahead * interval '1 second' FROM {_PACE.sql} ORDER BY phone
                ON CONFLICT (phone) DO UPDATE SET free_at = excluded.free_at""",  # noqa: S608
                {"now": now, **_PACE.parameters(ahead.items())},
            )

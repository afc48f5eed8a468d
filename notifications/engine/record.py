"""Recording: a batch of answers in one transaction. A worker that lost its lease changes nothing."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from notifications import channel, wishes
from notifications.clock import now as clock_now
from notifications.engine import evidence
from notifications.models import (
    ENDED_UNSENT,
    ApprovedTemplate,
    Held,
    Message,
    MessageEvent,
    Move,
    Status,
    move,
)
from notifications.models.batch import Batch
from notifications.models.erasure import is_erased
from notifications.models.lease import PutOff, Withdrawn, finish, owned, release
from notifications.models.withdrawal import UNTRUE
from notifications.outcomes import Answered, Dropped, Judge, Verdict
from notifications.phones import mask
from notifications.providers.base import Accepted, Rejected, TemplateHeld

logger = logging.getLogger(__name__)

Judged = tuple[Answered, Verdict]


@dataclass
class Recorder:
    """Writes what came back. One per process: it remembers the last twenty seconds."""

    window: channel.Window
    troubled: bool = False

    def record(self, answers: Sequence[Answered]) -> list[Status]:
        """Store the outcomes, move the messages, and tell whoever listens. Raises database errors.

        Returns what each message became whose lease was still ours.
        """
        now = clock_now()
        with transaction.atomic():
            heard = [answer for answer in answers if not isinstance(answer.failure, Dropped)]
            troubled = channel.note(settings.MYOPERATOR_PHONE_NUMBER, heard, self.window, now)
            mine = owned({answer.claimed.message_id: answer.claimed.token for answer in answers})
            judged = _judge([a for a in answers if a.claimed.message_id in mine], mine, troubled, now)
            erased = _write(judged, now)
            evidence.keep([a for a in answers if a.claimed.message_id not in mine], now)
            _mark_numbers([(a, v) for a, v in judged if a.claimed.message_id not in erased], now)
        self.troubled = troubled
        _pause_templates(answers)
        _tell(judged)
        return [verdict.status for _, verdict in judged]


def _pause_templates(answers: Sequence[Answered]) -> None:
    """What is refused as paused is paused for all, until a sync says otherwise. After the commit: a sync locks
    templates before messages.
    """
    for answer in answers:
        named, failure = answer.claimed.approved, answer.failure
        if isinstance(failure, TemplateHeld) and named:
            ApprovedTemplate.pause(named["name"], named["language"], failure.words)


def _mark_numbers(judged: Sequence[Judged], now: datetime) -> None:
    """A number that is not on WhatsApp, an owner who stopped offers. Preferences last, in the numbers' order."""
    refused = [(a.claimed.phone, a.failure) for a, _ in judged if isinstance(a.failure, Rejected)]
    for phone, failure in sorted(refused, key=lambda said: said[0]):
        wishes.reported(phone, failure.code, failure.words, now)


def _judge(
    answers: list[Answered], mine: dict[int, Withdrawn], troubled: bool, now: datetime
) -> list[Judged]:
    judge = Judge(settings.NOTIFICATION_RETRY_MINUTES, now, troubled, random.random)
    return [(a, _unless_withdrawn(judge.verdict(a), mine[a.claimed.message_id])) for a in answers]


def _unless_withdrawn(verdict: Verdict, mark: Withdrawn) -> Verdict:
    """Taken back, or received by receipt, while it was in flight: it is not sent again, whatever came back."""
    if not mark.to or verdict.status == Status.SENT:
        return verdict
    if mark.to not in ENDED_UNSENT:
        return Verdict(Status(mark.to), verdict.tries)
    words = mark.why
    if verdict.status == Status.UNCERTAIN:
        words = " ".join(sentence for sentence in (_ended(mark.why), "MyOperator may have it.") if sentence)
    return Verdict(Status(mark.to), verdict.tries, code=mark.code or UNTRUE, words=words)


def _ended(why: str) -> str:
    """A reason as a sentence that another may follow; reasons come with a full stop and without."""
    return f"{why}." if why and not why.endswith(".") else why


def _write(judged: Sequence[Judged], now: datetime) -> set[int]:
    """Returns the messages whose person was erased while they were under way: of these nothing that was said is kept,
    for the provider's words, and its id, may have the number in them.
    """
    finish({a.claimed.message_id: a.claimed.token for a, verdict in judged if verdict.final})
    release([_put_off(a, verdict) for a, verdict in judged if not verdict.final])
    moved = move(
        Move(a.claimed.message_id, verdict.status, now, verdict.tries, verdict.code, verdict.words)
        for a, verdict in judged
    )
    _count_tries(judged, {made.message_id for made in moved})
    erased = {made.message_id for made in moved if is_erased(made.phone)}
    tried = [a for a, _ in judged if not isinstance(a.failure, Dropped)]
    _store_attempts([_without_words(a) if a.claimed.message_id in erased else a for a in tried], now)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=a.claimed.message_id, what=event, detail=verdict.words)
        for a, verdict in judged
        if (event := _event(a, verdict))
    )
    return erased


def _count_tries(judged: Sequence[Judged], moved: set[int]) -> None:
    """A receipt for an earlier try may have moved a message on while it was sent again: it was, all the same."""
    tries = {a.claimed.message_id: verdict.tries for a, verdict in judged if verdict.tries > a.claimed.tries}
    for message_id in sorted(tries.keys() - moved):
        Message.objects.filter(pk=message_id).update(tries=tries[message_id])


def _without_words(answered: Answered) -> Answered:
    if answered.failure is None:
        return replace(answered, accepted=Accepted())
    return replace(answered, failure=type(answered.failure)("", answered.failure.code))


def _put_off(answer: Answered, verdict: Verdict) -> PutOff:
    row = answer.claimed
    # What was put off keeps its place in its person's pace; what was tried takes a new one.
    spaced = verdict.tries == row.tries
    return PutOff(
        row.message_id,
        row.token,
        verdict.due_at or clock_now(),
        verdict.waits_for,
        verdict.tries,
        verdict.put_offs,
        spaced,
        verdict.held_for,
    )


def _event(answer: Answered, verdict: Verdict) -> str:
    if verdict.held_for:
        return "template_held" if verdict.held_for == Held.TEMPLATE else "held"
    if verdict.status == Status.CANCELLED or verdict.status == Status.SUPPRESSED:
        return str(verdict.status)
    if answer.number > 1 and answer.failure is None and answer.claimed.tries:
        return "sent_again"
    return ""


_TRIED = Batch(
    "r", id="bigint", message_id="bigint", number="smallint", outcome="text", code="text", detail="text",
    milliseconds="int", provider_message_id="text",
)  # fmt: skip

_ATTEMPTS = f"""
INSERT INTO notifications_attempt
    (id, message_id, number, outcome, code, detail, milliseconds, provider_message_id, created_at)
SELECT *, %(now)s FROM {_TRIED.sql}
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608


def _store_attempts(answers: Sequence[Answered], now: datetime) -> None:
    """A provider that repeats an id does not cost us the record of the try: that is kept without the id."""
    stored = _insert(answers, now, with_ids=True)
    repeated = [a for a in answers if a.claimed.token not in stored]
    if repeated:
        _insert(repeated, now, with_ids=False)
        MessageEvent.objects.bulk_create(
            MessageEvent(
                message_id=a.claimed.message_id,
                what="repeated_id",
                detail=f"MyOperator gave an id it had given before: {a.accepted and a.accepted.provider_message_id}",
            )
            for a in repeated
        )


def _insert(answers: Sequence[Answered], now: datetime, *, with_ids: bool) -> set[int]:
    if not answers:
        return set()
    rows = [
        (
            a.claimed.token,
            a.claimed.message_id,
            a.number,
            str(a.outcome),
            a.failure.code[:64] if a.failure else "",
            a.failure.words[:500] if a.failure else "",
            a.milliseconds,
            (a.accepted.provider_message_id or None) if a.accepted and with_ids else None,
        )
        for a in answers
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, {"now": now, **_TRIED.parameters(rows)})
        return {row[0] for row in cursor.fetchall()}


def _tell(judged: Sequence[Judged]) -> None:
    sent = [a.claimed.message_id for a, verdict in judged if verdict.status == Status.SENT]
    if sent:
        logger.info("sent %d: %s", len(sent), sent)
    for a, verdict in judged:
        if a.failure is not None:
            logger.info(
                "message %s to %s: %s (%s), now %s",
                a.claimed.message_id, mask(a.claimed.phone), a.outcome, a.failure.code, verdict.status,
            )  # fmt: skip

"""Claiming: one short transaction that takes due rows, judges them, and leases what may go now."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from notifications import approved, consent, registry, schedule
from notifications.channel import AHEAD_SECONDS, ONE_AHEAD_SECONDS, Gate
from notifications.engine import form
from notifications.models import Channel, Held, MessageEvent, Move, PersonPace, Status, move
from notifications.models.lease import Claimed, PutOff, finish, lease, release
from notifications.providers.base import Outgoing

PERSON_SECONDS = 6  # between two messages to one person
PERSON_BURST = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A leased message on its way to a slot. `start_at` and `lease_end` by time.monotonic()."""

    claimed: Claimed
    outgoing: Outgoing
    start_at: float
    lease_end: float


@dataclass
class _Sorted:
    """What became of the leased rows of one claim."""

    go: list[Claimed] = field(default_factory=list)
    ended: list[tuple[Claimed, Status, str, str]] = field(default_factory=list)
    put_off: list[PutOff] = field(default_factory=list)
    formless: list[Claimed] = field(default_factory=list)  # for want of an approved template
    persons: dict[str, float] = field(default_factory=dict)  # number to seconds its pace is spoken for


class Claim(NamedTuple):
    """What a claim brought. `shut_for` are the seconds until the channel may let anything through; `aside` says that
    rows were taken and none of them may go, so that others may be next; `knock` that the account is to be asked
    after before a message probes.
    """

    jobs: list[Job]
    shut_for: float = 0.0
    aside: bool = False
    knock: bool = False


def claim(
    wanted: int,
    now: datetime,
    *,
    deadline: float,
    only: int | None = None,
    knocks: bool = False,
    proved: bool = False,
) -> Claim:
    """Take up to `wanted` due messages that may go now, leased and paced.

    `deadline` is what one request may take, in seconds. `only` names the one message to take. `knocks`: whether the
    provider can be asked after our account, and `proved` that it has just answered well.
    """
    before = time.monotonic()
    with transaction.atomic():
        reach = AHEAD_SECONDS if only is None else ONE_AHEAD_SECONDS
        locked = Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
        gate = Gate(locked, settings.MYOPERATOR_RATE_LIMIT, now, reach, proved=proved)
        room = gate.room(wanted)
        if not room:
            return Claim([], gate.shut_for())
        if gate.probing and knocks and not proved and only is None:
            gate.knock()
            return Claim([], gate.shut_for(), knock=True)
        rows = _probe_or_due(gate, room, now, only)
        found = _sort(rows, now)
        _set_aside(found, now)
        if gate.probing and found.go:  # what was put off instead has proved nothing
            gate.probe(found.go[0].message_id)
        starts = gate.take(len(found.go)) if found.go else []
        move(Move(row.message_id, Status.SENDING, now) for row in found.go)
        shut_for = gate.shut_for() if gate.probing else 0.0
    jobs = [_job(row, before, start, deadline) for row, start in zip(found.go, starts, strict=True)]
    return Claim(jobs, shut_for, aside=bool(rows) and not jobs)


def _probe_or_due(gate: Gate, room: int, now: datetime, only: int | None) -> list[Claimed]:
    """In an outage, the same waiting message probes each time, so that one person at most hears an echo."""
    seconds, probe = settings.NOTIFICATION_LEASE, gate.channel.probe_message_id
    with_form = approved.in_force()
    if not gate.probing or only is not None:
        return lease(room, seconds, now, only, with_form=with_form) if not gate.probing else []
    found = lease(1, seconds, now, probe, with_form=with_form) if probe else []
    return found or lease(1, seconds, now, with_form=with_form)


def _job(row: Claimed, before: float, start: float, deadline: float) -> Job:
    return Job(
        claimed=row,
        outgoing=Outgoing(str(row.token), row.phone, row.text, deadline, form.template_of(row)),
        start_at=time.monotonic() + start,
        # From before the transaction began: the database started the lease later than that.
        lease_end=before + settings.NOTIFICATION_LEASE,
    )


def _sort(rows: Iterable[Claimed], now: datetime) -> _Sorted:
    found = _Sorted()
    rows = list(rows)
    if not rows:
        return found
    house, formed = open_house(), approved.in_force()
    for row in rows:
        _sort_one(row, found, house, now, formed)
    return found


def open_house() -> schedule.House:
    hours = {
        "reminder": schedule.span(settings.NOTIFICATION_REMINDER_HOURS),
        "marketing": schedule.span(settings.NOTIFICATION_MARKETING_HOURS),
    }
    return schedule.House(hours, schedule.last_call(settings.NOTIFICATION_LAST_CALL))


def _sort_one(
    row: Claimed,
    found: _Sorted,
    house: schedule.House,
    now: datetime,
    formed: bool,
) -> None:
    kind = registry.get(row.kind)
    if row.expired:
        found.ended.append(
            (row, Status.EXPIRED, "expired", "It could not be sent while it was worth sending.")
        )
    elif kind is not None and (refusal := consent.refusal(kind, row.phone, row, is_test=row.is_test)):
        found.ended.append((row, Status.SUPPRESSED, *refusal))
    elif row.text_off and not row.is_test:
        found.ended.append((row, Status.SUPPRESSED, *consent.text_off(row.kind, row.language)))
    elif formed and not form.may_go(row, now):
        found.formless.append(row)
    elif kind is not None and (opens := _closed_until(row, kind, house, now)):
        found.put_off.append(_later(row, opens, "quiet_hours"))
    elif slot := _person_slot(row, found.persons, now):
        found.put_off.append(_later(row, slot, "person", spaced=True))
    else:
        found.go.append(row)


def _closed_until(
    row: Claimed, kind: registry.MessageKind, house: schedule.House, now: datetime
) -> datetime | None:
    opens = None if row.passes_hours else house.opens(kind, row.expires_at, now)
    return opens or schedule.quiet_until(kind, row.quiet_from, row.quiet_until, now)


def _person_slot(row: Claimed, persons: dict[str, float], now: datetime) -> datetime | None:
    """When this person may get it, None for now. Either way it takes its place in their pace, once."""
    if row.spaced:
        return None
    ahead = max(persons.get(row.phone, row.ahead or 0.0), 0.0)
    persons[row.phone] = ahead + PERSON_SECONDS
    wait = ahead - PERSON_SECONDS * (PERSON_BURST - 1)
    return now + timedelta(seconds=wait) if wait > 0 else None


def _later(
    row: Claimed, due_at: datetime, why: str, spaced: bool = False, held_for: Held | None = None
) -> PutOff:
    return PutOff(row.message_id, row.token, due_at, why, row.tries, row.put_offs, spaced, held_for)


def _set_aside(found: _Sorted, now: datetime) -> None:
    """Write what does not go: ended, put off, and the new places in people's paces."""
    release(found.put_off)
    finish({row.message_id: row.token for row, *_ in found.ended})
    move(Move(row.message_id, status, now, code=code, error=why) for row, status, code, why in found.ended)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=row.message_id, what=status, detail=why)
        for row, status, _, why in found.ended
    )
    MessageEvent.objects.bulk_create(
        MessageEvent(
            message_id=put.message_id, what="put_off", detail=f"{put.waits_for} {put.due_at.isoformat()}"
        )
        for put in found.put_off
    )
    if found.formless:
        _hold(found.formless, now)
    if found.persons:
        PersonPace.write(found.persons, now)


def _hold(rows: Sequence[Claimed], now: datetime) -> None:
    """What can go in no form leaves the claim's index, until `waiting.release` finds that it can."""
    release([_later(row, now, "template", row.spaced, Held.TEMPLATE) for row in rows])
    why = form.reasons(rows)
    MessageEvent.objects.bulk_create(
        MessageEvent(message_id=row.message_id, what="template_held", detail=why[row.message_id][:500])
        for row in rows
    )

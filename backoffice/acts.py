"""Acts on many rows: looking before leaping, then going through them in chunks that a worker may leave and resume.

A worker that is killed leaves the act at the last chunk that it finished; two workers take turns at its row; nothing
is done twice, because a chunk and the progress it makes are one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F, Func, Value

from backoffice import audit
from backoffice.act_kinds import Kind, kind_of, kinds, register
from backoffice.models import Act
from backoffice.tally import Outcome
from jobs.nudge import Nudger
from notifications.clock import now as clock_now

__all__ = ["Kind", "advance", "begin", "confirm", "kind_of", "kinds", "register", "step", "stop", "taken"]

logger = logging.getLogger(__name__)

CHUNK = 500  # rows; an act on no more than that is done while who asked waits
LOOKED_AT_ONCE = 2_000  # rows; more are looked at by a worker
# One that is lost costs ten seconds: beat asks for what there is to do.
NUDGER = Nudger("backoffice.tasks.advance_acts")
SECONDS = 8.0  # of one run of the worker, which is to stop in time when it is told to
FORGOTTEN = timedelta(days=1)  # what was looked at and never confirmed
GONE = "It is not in the log any more."
State = Act.State
UNDER_WAY = (State.LOOKING, State.RUNNING)
_IDS = Act._meta.get_field("will")


# --- what staff ask for ----------------------------------------------------------------------------------


@transaction.atomic
def begin(code: str, ids: Sequence[int], by: Any, about: str = "") -> Act:
    """Look at what the act would do to these rows. Changes none of them; many are looked at by a worker."""
    act = Act.objects.create(code=code, by=by, about=about[:300], chosen=list(ids), asked=len(ids))
    if kind_of(code).foresee is None:
        Act.objects.filter(pk=act.pk).update(
            state=State.READY, chosen=[], will=list(ids), total=len(ids), foreseen={"count": len(ids)}
        )
    elif len(ids) <= LOOKED_AT_ONCE:
        _to_its_end(act.pk)
    else:
        NUDGER.on_commit()
    act.refresh_from_db()
    return act


@transaction.atomic
def confirm(act: Act, by: Any, why: str = "") -> bool:
    """Do what was shown: a few rows now, many by a worker. False where it was confirmed or stopped before.

    It is done in the name of who says yes, whoever looked first.
    """
    kind, waits = kind_of(act.code), Act.objects.filter(pk=act.pk, state=State.READY)
    if not waits.update(state=State.RUNNING, started_at=clock_now(), why=why[:200], by=by):
        return False
    if not _is_told_of_each(act, kind):
        audit.note(
            by, act, f"{kind.title}: confirmed for {act.total:,} of {act.asked:,}. {why}".strip()[:500]
        )
    if act.total <= CHUNK:
        _to_its_end(act.pk)
    else:
        NUDGER.on_commit()
    return True


@transaction.atomic
def taken(act: Act, by: Any) -> list[int] | None:
    """The rows of an act that only writes a file, which is done with that; None where it was done before."""
    if not Act.objects.filter(pk=act.pk, state=State.READY).update(state=State.RUNNING, by=by):
        return None
    found = Act.objects.get(pk=act.pk)
    audit.note(by, act, f"{kind_of(act.code).title}: a file of {found.total:,}.")
    ids, found.started_at, found.position = list(found.will), clock_now(), found.total
    found.came = {"count": found.total}
    _finish(found, State.DONE)
    return ids


@transaction.atomic
def stop(act: Act, by: Any) -> bool:
    """Do no more of it. What is done stays done. False where it had ended by itself."""
    open_ = Act.objects.select_for_update(of=("self",)).filter(pk=act.pk, state__in=(*UNDER_WAY, State.READY))
    found = open_.first()
    if found is None:
        return False
    found.stopped_by = by.get_username()
    audit.note(
        by, act, f"{kind_of(act.code).title}: stopped after {found.result.count:,} of {found.total:,}."
    )
    _finish(found, State.STOPPED)
    return True


# --- going on --------------------------------------------------------------------------------------------


def advance(seconds: float = SECONDS) -> bool:
    """Go on with all that are under way, a chunk of each in turn, for so long. Returns whether more is left."""
    until = time.monotonic() + seconds
    _forget(clock_now())
    going = list(Act.objects.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True))
    while going:
        for pk in list(going):
            if time.monotonic() >= until:
                return True
            if not _stepped(pk):
                going.remove(pk)
    return False


def step(pk: int) -> bool:
    """Do its next chunk. Returns whether there is more; not where another worker is at it, or it has ended.

    Raises OperationalError where the database is away, or wants it tried again: the act stands where it stood.
    """
    try:
        with transaction.atomic():
            return _next_chunk(pk)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("act %s broke off", pk)
        words = f"Our own code failed ({type(error).__name__}). Tell an engineer; what was done stays done."
        broken = Act.objects.filter(pk=pk, state__in=UNDER_WAY)
        broken.update(state=State.FAILED, error=words, finished_at=clock_now())
        return False


def _stepped(pk: int) -> bool:
    try:
        return step(pk)
    except OperationalError as error:
        logger.warning("act %s waits for the next round (%s)", pk, type(error).__name__)
        return False


def _to_its_end(pk: int) -> None:
    while step(pk):
        pass


def _next_chunk(pk: int) -> bool:
    rows = Act.objects.select_for_update(of=("self",), skip_locked=True).defer("chosen", "will")
    act = rows.select_related("by").filter(pk=pk, state__in=UNDER_WAY).first()
    if act is None:
        return False
    return _look(act) if act.state == State.LOOKING else _do(act)


def _look(act: Act) -> bool:
    foresee = kind_of(act.code).foresee
    assert foresee is not None, "what needs no look is ready from the start"
    ids, tally = _next_ids(act, "chosen"), act.outlook
    found = _whole(ids, foresee(ids))
    tally.add(found)
    act.foreseen, act.position = tally.as_json(), act.position + len(ids)
    act.save(update_fields=("foreseen", "position"))
    rows = Act.objects.filter(pk=act.pk)
    rows.update(will=Func(F("will"), Value(found.ids, output_field=_IDS), function="array_cat"))
    if act.position < act.asked:
        return True
    rows.update(state=State.READY, total=tally.count, position=0, chosen=[])
    return False


def _do(act: Act) -> bool:
    do = kind_of(act.code).do
    assert do is not None, "an act that writes a file never runs"
    ids, tally = _next_ids(act, "will"), act.result
    if ids:
        came = do(ids, act.by.get_username() if act.by else "", act.why)
        tally.add(_whole(ids, came))
        _tell_of_each(act, came.ids)
    act.came, act.position = tally.as_json(), act.position + len(ids)
    act.save(update_fields=("came", "position"))
    if act.position >= act.total:
        _finish(act, State.DONE)
    return act.is_under_way


def _is_told_of_each(act: Act, kind: Kind) -> bool:
    """Whether the audit trail has an entry for each row, and none for the act."""
    return kind.model is not None and act.total <= audit.FEW


def _tell_of_each(act: Act, ids: Sequence[int]) -> None:
    kind = kind_of(act.code)
    if act.by and kind.model and _is_told_of_each(act, kind):
        why = f" {act.why}" if act.why else ""
        audit.note_many(act.by, kind.model, audit.sentence(kind.done) + why, ids)


def _next_ids(act: Act, column: str) -> list[int]:
    """The next chunk of a long array, without the rest of it."""
    part = f"{column}__{act.position}_{act.position + CHUNK}"
    return Act.objects.values_list(part, flat=True).get(pk=act.pk) or []


def _finish(act: Act, state: State) -> None:
    """The ids are kept no longer: what was done to a row stands with the row."""
    act.state, act.finished_at, act.chosen, act.will = state, clock_now(), [], []
    act.save()


def _whole(ids: Sequence[int], outcome: Outcome) -> Outcome:
    """With what nobody said anything of: rows that are gone."""
    gone = set(ids) - set(outcome.ids) - outcome.refused.keys()
    outcome.refused |= dict.fromkeys(sorted(gone), GONE)
    return outcome


def _forget(now: datetime) -> None:
    Act.objects.filter(state__in=(State.LOOKING, State.READY), asked_at__lt=now - FORGOTTEN).delete()

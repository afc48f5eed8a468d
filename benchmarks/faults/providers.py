"""Row 8: a provider that answers in every wrong way."""

from collections import Counter
from collections.abc import Collection, Mapping

from benchmarks.faults.ground import Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, reckon
from notifications import nudge
from notifications.models import Attempt, Message, MessageEvent

DEADLINE = 3  # seconds, for the fifteen of production
SLOTS = 10  # per process: fewer than the requests that hang
EACH = 6  # messages per play
GOOD = 25  # messages between two rounds of plays: a provider that fails half the time is an outage (row 10)
# What is played, by the end of the number: the outcome of §4.
PLAYS = {
    "1101": ("hang", "uncertain"),
    "1102": ("reset_before_body", "uncertain"),
    "1103": ("reset_after_body", "uncertain"),
    "1104": ("drip_headers", "uncertain"),
    "1105": ("drip_body", "uncertain"),
    "1106": ("redirect", "uncertain"),
    "1107": ("html_502", "not_now"),
    "1108": ("garbage_200", "uncertain"),
    "1109": ("huge", "uncertain"),
    "1110": ("same_id", "accepted"),
}


@row(
    8,
    "provider: refuses, hangs, resets before and after the body, 1 byte/s in headers and in the body, redirects, "
    "HTML 502, 200 with garbage, 10 MB answer, the same id for every message",
    "each in its class; no slot lost for more than the deadline (15 s; here 3 s)",
)
def wrong_answers(ground: Ground, seen: Seen) -> None:
    short = {"NOTIFICATION_DEADLINE": DEADLINE, "NOTIFICATION_SLOTS": SLOTS, "MYOPERATOR_RATE_LIMIT": 40}
    with ground.stack({"dispatch", "jobs", "beat"}, **short):
        everybody = _play_all(ground, seen)
        everybody += _refuse(ground, seen)
        ground.sandbox.set(mode="ok", fail=[])
        ground.clock.move(minutes=6)
        nudge.dispatch()
        wait_until("all are sent after", lambda: all_are(everybody, Status.SENT))
    truth = reckon(ground.sandbox, everybody)
    seen.check(f"afterwards {truth}", truth.fine)


def _play_all(ground: Ground, seen: Seen) -> list[int]:
    rules = [{"match": {"phone_suffix": suffix}, "play": play} for suffix, (play, _) in PLAYS.items()]
    ground.sandbox.set(fail=rules)
    played: dict[str, list[int]] = {suffix: [] for suffix in PLAYS}
    good: list[int] = []
    for _ in range(EACH):
        for suffix in PLAYS:
            played[suffix] += queue(1, suffix)
            good += queue(GOOD // 5)
    took = wait_until("the others are sent", lambda: all_are(good, Status.SENT), 120)
    wait_until("each was tried", lambda: set(_outcomes([pk for ids in played.values() for pk in ids])) >= {
        pk for ids in played.values() for pk in ids})  # fmt: skip
    seen.note(f"{len(good)} good messages among them were sent in {took:.0f} s")
    _classes(seen, played)
    _same_id(seen, played["1110"])
    _slots(seen)
    return good + [pk for ids in played.values() for pk in ids]


def _classes(seen: Seen, played: Mapping[str, Collection[int]]) -> None:
    for suffix, (play, wanted) in PLAYS.items():
        found = Counter(_outcomes(played[suffix]).values())
        fine = set(found) == {wanted}
        seen.check(f"{play}: {', '.join(f'{n} {outcome}' for outcome, n in found.items())}", fine)


def _outcomes(ids: Collection[int]) -> dict[int, str]:
    """The outcome of the first try of each message that was tried."""
    attempts = Attempt.objects.filter(message_id__in=ids).order_by("-pk")
    return dict(attempts.values_list("message_id", "outcome"))


def _same_id(seen: Seen, ids: Collection[int]) -> None:
    kept = Attempt.objects.filter(message_id__in=ids, provider_message_id__isnull=False).count()
    events = MessageEvent.objects.filter(message_id__in=ids, what="repeated_id").count()
    seen.check(
        f"the repeated id is kept {kept} time, and {events} times as an event",
        kept == 1 and events == EACH - 1,
    )


def _slots(seen: Seen) -> None:
    longest = Attempt.objects.order_by("-milliseconds").values_list("milliseconds", flat=True)[0] / 1000
    seen.check(f"longest hold of a slot {longest:.1f} s", longest <= DEADLINE + 1)


def _refuse(ground: Ground, seen: Seen) -> list[int]:
    """Nobody listens. Two messages: a third would make it an outage, which is row 10."""
    ground.sandbox.set(mode="refuse")
    ids = queue(2)
    wait_until("each was refused", lambda: len(_outcomes(ids)) == len(ids), 30)
    found = Counter(_outcomes(ids).values())
    tries = set(Message.objects.filter(pk__in=ids).values_list("tries", flat=True))
    seen.check(
        f"refuse: {found['not_sent']} not_sent, tries used {max(tries)}",
        set(found) == {"not_sent"} and tries == {0},
    )
    return ids

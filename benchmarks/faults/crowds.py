"""Row 16: very many messages at once, to one customer and to all: what others wait for it."""

import itertools
import statistics
import time
from collections import Counter

from benchmarks.faults.ground import Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue_urgent, reckon, somebody, statuses
from notifications import clock, nudge, outbox
from notifications.engine.claim import PERSON_BURST, PERSON_SECONDS
from notifications.models import Message, MessageEvent, NotificationPreference, QueuedMessage

TO_ONE = 200
CAMPAIGN = 20_000
URGENT = 150
EVERY = 0.1  # seconds from one urgent message to the next
# Rows are taken at most a second ahead: so long the next urgent one may wait for its place in a pace that is full.
MORE = 1.0
HOURS = {"NOTIFICATION_MARKETING_HOURS": "00:00-00:00", "MYOPERATOR_RATE_LIMIT": 80}


@row(
    16,
    f"one customer with {TO_ONE} messages, one campaign with {CAMPAIGN:,}",
    f"spaced in one step; urgent messages' p99 at most {MORE:.0f} s (what is taken ahead) later than without",
)
def crowds(ground: Ground, seen: Seen) -> None:
    with ground.stack({"dispatch", "jobs", "beat"}, **HOURS):
        _to_one(ground, seen)
        ground.sandbox.set(latency_ms=100)
        alone = _p99_of_urgent()
        campaign = _campaign()
        wait_until("the campaign is under way", lambda: statuses(campaign)[Status.SENT] > 100)
        among = _p99_of_urgent()
        sent = statuses(campaign)[Status.SENT]
        seen.check(f"urgent p99 {alone:.2f} s alone, {among:.2f} s beside a campaign", among <= alone + MORE)
        seen.check(f"the campaign went on meanwhile: {sent:,} sent", 100 < sent < CAMPAIGN)


def _to_one(ground: Ground, seen: Seen) -> None:
    phone = somebody()
    items = (outbox.Item(phone, {"order_id": str(number)}, f"one_{number}") for number in range(TO_ONE))
    outbox.queue_many("order_confirmation", list(items))
    ids = list(Message.objects.filter(phone=phone).values_list("pk", flat=True))
    took = wait_until("all have their place", lambda: _places(ids) == TO_ONE - PERSON_BURST, 30)
    due = QueuedMessage.objects.filter(pk__in=ids).order_by("due_at").values_list("due_at", flat=True)
    gaps = {round((later - one).total_seconds(), 3) for one, later in itertools.pairwise(due)}
    seen.check(
        f"{TO_ONE} to one: {PERSON_BURST} at once, the others {gaps} s apart", gaps == {PERSON_SECONDS}
    )
    ground.clock.move(seconds=TO_ONE * PERSON_SECONDS)
    nudge.dispatch()
    wait_until("all are sent", lambda: all_are(ids, Status.SENT), 30)
    put_off = Counter(MessageEvent.objects.filter(what="put_off").values_list("message_id", flat=True))
    truth = reckon(ground.sandbox, ids)
    seen.check(
        f"put off {max(put_off.values())} time each, in {took:.1f} s; {truth}",
        set(put_off.values()) == {1} and truth.fine and not truth.twice,
    )


def _places(ids: list[int]) -> int:
    """How many of them wait for their place, when all others are sent."""
    return 0 if not all_are(ids, Status.SENT, Status.QUEUED) else _spaced(ids)


def _spaced(ids: list[int]) -> int:
    return QueuedMessage.objects.filter(pk__in=ids, spaced=True, due_at__gt=clock.now()).count()


def _campaign() -> list[int]:
    """An offer to very many who want offers."""
    phones = [somebody() for _ in range(CAMPAIGN)]
    now = clock.now()
    NotificationPreference.objects.bulk_create(
        NotificationPreference(phone=phone, marketing_opt_in_at=now) for phone in phones
    )
    told = {"product": "Paneer", "product_id": "5", "availability_date": "2026-12-01", "price": "90.00"}
    outbox.queue_many(
        "new_product",
        [outbox.Item(phone, {"customer_name": "Asha", **told}, "product_5") for phone in phones],
    )
    return list(Message.objects.filter(kind="new_product").values_list("pk", flat=True))


def _p99_of_urgent() -> float:
    """Seconds from recording to acceptance, of urgent messages that come one after the other."""
    ids = []
    for _ in range(URGENT):
        ids.append(queue_urgent())
        time.sleep(EVERY)
    wait_until("all are sent", lambda: all_are(ids, Status.SENT), 60)
    rows = Message.objects.filter(pk__in=ids).values_list("created_at", "sent_at")
    return statistics.quantiles([(sent - made).total_seconds() for made, sent in rows], n=100)[98]

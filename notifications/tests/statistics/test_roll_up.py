"""The roll-up: whatever happens to messages, it says what a count of the log says; and it can be counted anew."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notifications import statistics
from notifications.models import Message, Move, Status, StatusChange, StatusCount, move
from notifications.models.message import MOVES
from notifications.models.statistics import BUCKETS
from notifications.outbox.compose import Item, Writer
from notifications.outbox.record import record
from notifications.statistics import Span
from notifications.tests.conftest import ASHA
from notifications.tests.statistics.conftest import ACCEPTED, NOON, TODAY, by_hand, p95, rolled_up, stands

pytestmark = pytest.mark.django_db

DAYS = 3
SPAN = Span.until(NOON, DAYS)
KINDS = ("test_news", "test_offer")


def queued(kind="test_news", days_ago=0, phone=ASHA):
    """By the outbox's own statement, as if it were that day."""
    item = Item(phone, {"name": "Asha"})
    return record(Writer(kind, [item], NOON - timedelta(days=days_ago)).drafts())[0]


def moved(pk, choice, milliseconds):
    """One of the moves that are allowed from where it stands, so long after it was queued."""
    message = Message.objects.get(pk=pk)
    allowed = sorted(MOVES[Status(message.status)])
    if allowed:
        at = message.created_at + timedelta(milliseconds=milliseconds)
        assert move([Move(pk, allowed[choice % len(allowed)], at)])


MESSAGES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, DAYS - 1)), min_size=1, max_size=5)
MOMENTS = st.one_of(st.integers(0, 2000), st.integers(-1000, 100_000_000))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 4), st.integers(0, 10), MOMENTS),
        st.tuples(st.just("fold")),
        st.tuples(st.just("recount")),
    ),
    max_size=40,
)
# Sent, the receipt says failed, sent again by staff, then read: the time it took is its first.
AGAIN = [("move", 0, sorted(MOVES[was]).index(to), 500) for was, to in (
    (Status.QUEUED, Status.SENDING), (Status.SENDING, Status.UNCERTAIN), (Status.UNCERTAIN, Status.SENT),
    (Status.SENT, Status.FAILED), (Status.FAILED, Status.QUEUED), (Status.QUEUED, Status.SENDING),
    (Status.SENDING, Status.SENT), (Status.SENT, Status.READ),
)]  # fmt: skip


@given(MESSAGES, STEPS)
@example([("test_news", 1)], [AGAIN[0], ("fold",), *AGAIN[1:5], ("recount",), *AGAIN[5:]])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_messages_the_report_is_what_a_count_by_hand_says(made, steps):
    with transaction.atomic():
        pks = [queued(kind, days_ago) for kind, days_ago in made]
        for step, *what in steps:
            if step == "move":
                moved(pks[what[0] % len(pks)], *what[1:])
            elif step == "fold":
                statistics.fold()
            else:
                assert [wrong for day in SPAN.days() for wrong in statistics.recount(day)] == []
        assert_is_by_hand(statistics.report(SPAN))
        assert_is_by_hand(statistics.report(SPAN, phones=[ASHA]), exact=True)
        transaction.set_rollback(True)


def assert_is_by_hand(report, *, exact=False):
    statuses, seconds, cost = by_hand()
    rows = {None: report}
    rows |= {row["message_type"]: row for row in report["by_kind"]}
    rows |= {row["date"]: row for row in report["by_day"]}
    assert set(rows) >= set(statuses)
    for key, row in rows.items():
        assert {status: row[status] for status in Status} == {
            status: statuses[key][status] for status in Status
        }
        assert row["total"] == sum(statuses[key].values())
        assert row["accepted"] == sum(statuses[key][status] for status in ACCEPTED)
        assert_took(row, seconds[key], exact)
        assert row["cost"] == cost[key]


def assert_took(row, seconds, exact):
    if not seconds:
        assert row["average_send_seconds"] is row["p95_send_seconds"] is None
        return
    assert row["average_send_seconds"] == pytest.approx(sum(seconds) / len(seconds), abs=0.001)
    if exact:
        assert row["p95_send_seconds"] == pytest.approx(p95(seconds), abs=0.001)
    else:
        within_a_day = p95([min(took, BUCKETS[-1]) for took in seconds])
        assert row["p95_send_seconds"] == pytest.approx(within_a_day, rel=0.2, abs=0.05)


def test_what_somebody_spoilt_is_mended_and_told():
    stands("sent", took=0.3, cost="0.13")
    stands("queued", days_ago=1)
    for day in SPAN.days():
        statistics.recount(day)
    right = rolled_up()
    StatusCount.objects.filter(status="sent").update(count=7)
    StatusCount.objects.filter(status="took").update(milliseconds=1, cost=7)
    StatusCount.objects.filter(status="queued").delete()
    StatusChange.objects.create(day=TODAY, kind="test_alarm", status="read", count=2)
    said = StringIO()
    call_command("recount", "2025-03-08", "--until=2025-03-10", stdout=said)

    assert rolled_up() == right
    assert said.getvalue().splitlines() == [
        "2025-03-09 test_news queued: 0, is 1",
        "2025-03-10 test_alarm read: 2, is 0",
        "2025-03-10 test_news sent: 7, is 1",
        "2025-03-10 test_news took under 0.307987 s: 1 (1 ms, ₹7.0000), is 1 (300 ms, ₹0.1300)",
        "4 counts were wrong and are mended.",
    ]


def test_what_is_right_stays_as_it_is_and_pending_changes_are_not_wrong():
    pk = queued()
    statistics.fold()
    move([Move(pk, Status.SENDING, NOON)])
    said, right = StringIO(), rolled_up()
    call_command("recount", "2025-03-10", stdout=said)

    assert said.getvalue() == "Every count was right.\n"
    assert rolled_up() == right


def test_only_the_days_asked_for_are_counted():
    StatusCount.objects.create(day=TODAY - timedelta(days=1), kind="x", status="sent", count=5)
    StatusChange.objects.create(day=TODAY + timedelta(days=1), kind="x", status="sent", count=5)
    statistics.recount(TODAY)

    assert {day for day, *_ in rolled_up()} == {TODAY - timedelta(days=1), TODAY + timedelta(days=1)}


@pytest.mark.parametrize("words", [["2026-11-20", "--until=2026-11-19"], ["9999-12-31"], ["yesterday"]])
def test_what_is_no_day_is_refused_in_a_sentence(words):
    with pytest.raises(CommandError, match=r"up to today|write it like"):
        call_command("recount", *words)


def beside(action):
    """Do it on another connection, to its end."""

    def run():
        try:
            action()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_move_that_is_not_committed_while_its_day_is_counted_is_counted_once():
    pk = queued()
    with transaction.atomic():
        move([Move(pk, Status.SENDING, NOON)])
        beside(lambda: statistics.recount(TODAY)).join()
    statistics.fold()

    assert rolled_up() == {(TODAY, "test_news", "sending", -1): (1, 0, 0)}


@pytest.mark.django_db(transaction=True)
def test_counting_and_folding_while_messages_move_loses_nothing_and_doubles_nothing():
    pks = [queued() for _ in range(30)]
    on_their_way = [Status.SENDING, Status.RETRYING, Status.SENDING, Status.SENT, Status.READ]
    others = [beside(lambda: [statistics.recount(TODAY) for _ in range(20)]) for _ in range(2)]
    others.append(beside(lambda: [statistics.fold() for _ in range(60)]))
    for to in on_their_way:
        for pk in pks:
            move([Move(pk, to, NOON + timedelta(seconds=1))])
    for other in others:
        other.join()

    assert rolled_up() == {
        (TODAY, "test_news", "read", -1): (30, 0, 0),
        (TODAY, "test_news", "took", 17): (30, 30_000, Decimal("3.9")),
    }


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_the_same_total_whatever_is_folded_meanwhile():
    for _ in range(30):
        queued()
    folding = beside(lambda: [(queued(), statistics.fold()) for _ in range(30)])
    seen = []
    while folding.is_alive():
        seen.append(statistics.report(Span(TODAY, date(2025, 3, 10)))["total"])

    assert seen == sorted(seen)
    assert not seen or seen[0] >= 30

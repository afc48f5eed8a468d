"""The one writer of a status: it follows the picture, and counts what it does."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import outbox, statistics
from notifications.clock import now
from notifications.models import LIVE, Message, Move, Status, StatusChange, StatusCount, move
from notifications.models.message import MOVES
from notifications.schedule import IST
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


def message(status=Status.QUEUED, **more):
    made = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    Message.objects.filter(pk=made.pk).update(status=status, sent_at=now(), **more)
    return made.pk


def status(pk):
    return Message.objects.get(pk=pk).status


@pytest.mark.parametrize("was", Status)
def test_a_message_moves_only_along_the_picture(was):
    for to in Status:
        pk = message(was)
        moved = move([Move(pk, to, now())])

        assert bool(moved) is (to in MOVES[was])
        assert status(pk) == (to if moved else was)


def test_whoever_is_not_live_left_the_queue_or_came_back_by_resend():
    for was in set(Status) - LIVE:
        assert MOVES[was] & LIVE <= {Status.QUEUED, Status.RETRYING}


FOLD = "fold"


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([*Status, FOLD])), max_size=25))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_moves_are_asked_for_in_whatever_order_the_counts_equal_a_hand_count(asked):
    with transaction.atomic():
        pks = [outbox.queue("test_news", to=ASHA, variables={"name": n}).pk for n in range(3)]
        pks.append(outbox.queue("test_news", to="1", variables={}).pk)
        stands = {pk: Status(status(pk)) for pk in pks}
        for which, to in asked:
            if to == FOLD:
                statistics.fold()
                continue
            pk = pks[which]
            if move([Move(pk, to, now())]):
                assert to in MOVES[stands[pk]]
                stands[pk] = to
            assert status(pk) == stands[pk]
            assert counts() == by_hand()
        transaction.set_rollback(True)


def counts():
    """What a reader of the statistics sees."""
    total = Counter()
    for model in (StatusChange, StatusCount):
        for row in model.objects.exclude(status="took"):
            total[row.day, row.kind, row.status] += row.count
    return {key: count for key, count in total.items() if count}


def by_hand():
    rows = Message.objects.values_list("created_at", "kind", "status")
    return dict(Counter((at.astimezone(IST).date(), kind, status) for at, kind, status in rows))


def test_a_moved_message_is_counted_on_the_day_it_was_queued_in_india():
    pk = message(created_at="2027-03-01T20:00:00Z")  # 01:30 on the 2nd, in India
    StatusChange.objects.all().delete()
    move([Move(pk, Status.SENDING, now())])

    assert {(str(c.day), c.status, c.count) for c in StatusChange.objects.all()} == {
        ("2027-03-02", "queued", -1),
        ("2027-03-02", "sending", 1),
    }


def test_the_time_to_send_is_counted_once_per_message():
    pk = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}).pk
    for to in (Status.SENDING, Status.SENT, Status.RETRYING, Status.SENDING, Status.SENT, Status.READ):
        move([Move(pk, to, now())])

    assert StatusChange.objects.filter(status="took").count() == 1


def test_a_message_that_is_not_there_moves_nobody():
    assert move([Move(10**12, Status.SENT, now())]) == []


def test_no_moves_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        move([])


def together(action, count=2):
    """The action in so many threads that start at once; what each returned."""
    ready, found = threading.Barrier(count), []

    def run():
        ready.wait()
        found.append(action())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == count
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_that_make_the_same_move_at_once_one_does():
    pk = message()
    made = together(lambda: move([Move(pk, Status.SENDING, now())]), 4)

    assert sum(map(len, made)) == 1
    assert counts() == by_hand()


@pytest.mark.django_db(transaction=True)
def test_moves_of_many_messages_in_opposite_orders_do_not_lock_each_other_out():
    pks = [message() for _ in range(30)]
    orders = [pks, pks[::-1]]
    made = together(lambda: len(move([Move(pk, Status.SENDING, now()) for pk in orders.pop()])))

    assert sum(made) == 30
    assert counts() == by_hand()


@pytest.mark.django_db(transaction=True)
def test_two_that_fold_at_once_count_nothing_twice():
    for _ in range(20):
        message()
    Message.objects.all().update(status="queued")
    before = counts()
    together(statistics.fold, 4)
    statistics.fold()

    assert counts() == before
    assert not StatusChange.objects.exists()

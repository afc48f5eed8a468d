"""The life of an act: looked at, confirmed, done in chunks, whoever is killed on the way."""

import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice import acts
from backoffice.models import Act
from backoffice.tests.conftest import painted
from jobs import nudge

State = Act.State
MANY = list(range(100))
EVEN = MANY[::2]


def there(act: Act) -> Act:
    return Act.objects.get(pk=act.pk)


def looked(by, ids=MANY) -> Act:
    act = acts.begin("paint", ids, by)
    acts.advance()
    return there(act)


@pytest.mark.django_db
def test_looking_changes_nothing_and_says_what_would_come(paint, chitra, nudges):
    act = acts.begin("paint", range(15), chitra)

    assert (act.state, act.total, act.outlook.count) == (State.READY, 8, 8)
    assert act.outlook.skipped["It is odd."].count == 7
    assert painted() == paint.calls == nudges == []


@pytest.mark.django_db
def test_many_are_looked_at_by_a_worker(paint, chitra, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        act = acts.begin("paint", MANY, chitra)
    assert (act.state, nudges) == (State.LOOKING, [1])

    acts.advance()

    assert (there(act).state, there(act).will) == (State.READY, EVEN)


@pytest.mark.django_db
def test_few_are_done_at_once_when_they_are_confirmed(paint, chitra, nudges):
    act = acts.begin("paint", range(15), chitra)

    assert acts.confirm(act, chitra, "because")

    act = there(act)
    assert (act.state, act.result.count, act.why) == (State.DONE, 8, "because")
    assert painted() == list(range(0, 15, 2))
    assert nudges == []


@pytest.mark.django_db
def test_many_are_done_by_a_worker_in_chunks(paint, chitra, nudges, django_capture_on_commit_callbacks):
    act = looked(chitra)
    with django_capture_on_commit_callbacks(execute=True):
        acts.confirm(act, chitra)
    assert (there(act).state, painted(), nudges) == (State.RUNNING, [], [1])

    acts.advance()

    assert (there(act).state, painted()) == (State.DONE, EVEN)
    assert [len(call) for call in paint.calls] == [10] * 5


@pytest.mark.django_db
def test_what_was_skipped_when_it_was_shown_is_not_done_later(paint, chitra, monkeypatch):
    act = acts.begin("paint", range(15), chitra)
    monkeypatch.setattr(paint, "foresee", lambda ids: pytest.fail("looked at twice"))

    acts.confirm(act, chitra)

    assert painted() == list(range(0, 15, 2))


@pytest.mark.django_db
def test_a_second_yes_does_nothing_twice(paint, chitra):
    act = acts.begin("paint", range(15), chitra)
    assert acts.confirm(act, chitra)

    assert not acts.confirm(act, chitra)

    assert len(paint.calls) == 1


@pytest.mark.django_db
def test_a_worker_that_is_killed_leaves_it_at_the_last_chunk_that_it_finished(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)
    acts.step(act.pk)
    paint.breaks_at, paint.breaks_with = EVEN[15], KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        acts.step(act.pk)
    assert (there(act).position, painted()) == (10, EVEN[:10])

    paint.breaks_at = None
    acts.advance()

    assert (there(act).state, painted(), there(act).result.count) == (State.DONE, EVEN, 50)


@pytest.mark.django_db
def test_a_database_that_is_away_leaves_it_for_the_next_round(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)
    paint.breaks_at, paint.breaks_with = EVEN[15], OperationalError("deadlock detected")

    acts.advance()
    assert (there(act).state, painted()) == (State.RUNNING, EVEN[:10])

    paint.breaks_at = None
    acts.advance()
    assert (there(act).state, painted()) == (State.DONE, EVEN)


@pytest.mark.django_db
def test_a_bug_ends_it_and_says_so_and_keeps_what_was_done(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)
    paint.breaks_at = EVEN[15]

    acts.advance()

    assert (there(act).state, painted()) == (State.FAILED, EVEN[:10])
    assert "Our own code failed (ValueError)" in there(act).error


@pytest.mark.django_db
def test_one_that_breaks_does_not_stop_the_others(paint, chitra):
    broken, good = looked(chitra), looked(chitra, range(200, 300))
    acts.confirm(broken, chitra)
    acts.confirm(good, chitra)
    paint.breaks_at = 0

    acts.advance()

    assert (there(broken).state, there(good).state) == (State.FAILED, State.DONE)


@pytest.mark.django_db
def test_it_can_be_stopped_in_the_middle(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)
    acts.step(act.pk)

    assert acts.stop(act, chitra)
    acts.advance()

    assert (there(act).state, there(act).stopped_by, painted()) == (State.STOPPED, "chitra", EVEN[:10])
    assert not acts.stop(act, chitra)


@pytest.mark.django_db
def test_what_is_only_looked_at_can_be_stopped_too(paint, chitra):
    act = acts.begin("paint", MANY, chitra)

    acts.stop(act, chitra)
    acts.advance()

    assert (there(act).state, painted()) == (State.STOPPED, [])


@pytest.mark.django_db
def test_a_run_ends_in_time_and_says_that_more_is_left(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)

    assert acts.advance(seconds=0)

    assert there(act).state == State.RUNNING


@pytest.mark.django_db
def test_what_nobody_confirms_is_forgotten_after_a_day(paint, chitra):
    old, new = acts.begin("paint", [2], chitra), acts.begin("paint", [4], chitra)
    Act.objects.filter(pk=old.pk).update(asked_at=old.asked_at - timedelta(days=2))

    acts.advance()

    assert list(Act.objects.all()) == [new]


@pytest.mark.django_db
def test_rows_that_are_gone_are_said_to_be(paint, chitra, monkeypatch):
    monkeypatch.setattr(paint, "foresee", None)
    kind = acts.kind_of("paint")
    acts.register(kind.__class__(**{**kind.__dict__, "foresee": lambda ids: acts.Outcome([2])}))

    act = acts.begin("paint", [2, 4, 6], chitra)

    assert act.outlook.skipped[acts.GONE].count == 2


@pytest.mark.django_db
def test_the_audit_trail_keeps_who_confirmed_and_who_stopped(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra, "a customer asked")
    acts.step(act.pk)
    acts.stop(act, chitra)

    words = [entry.change_message for entry in LogEntry.objects.order_by("pk")]
    assert words == [
        "Paint: confirmed for 50 of 100. a customer asked",
        "Paint: stopped after 10 of 50.",
    ]


@pytest.mark.django_db
def test_it_is_done_in_the_name_of_who_says_yes_and_not_of_who_looked(paint, chitra):
    act, dev = looked(chitra), User.objects.create_user("dev")

    acts.confirm(act, dev)

    assert there(act).by == dev
    assert LogEntry.objects.get().user == dev


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_turns_and_do_nothing_twice(paint, chitra):
    act = looked(chitra)
    acts.confirm(act, chitra)

    def work():
        try:
            while there(act).is_under_way:
                acts.step(act.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    assert (there(act).state, painted(), there(act).result.count) == (State.DONE, EVEN, 50)


@pytest.mark.django_db(transaction=True)
def test_redis_that_is_away_fails_no_page_and_loses_nothing(paint, chitra, monkeypatch):
    tried = threading.Event()

    def away(*args, **kwargs):
        tried.set()
        raise ConnectionError("no Redis")

    monkeypatch.setattr(nudge.current_app, "send_task", away)
    act = looked(chitra)

    assert acts.confirm(act, chitra)

    assert tried.wait(10)
    acts.advance()  # as beat asks
    assert there(act).state == State.DONE


ORDERS = st.lists(st.sampled_from(["step", "kill", "away", "stop", "confirm", "advance"]), max_size=25)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ORDERS, st.lists(st.integers(0, 400), unique=True, max_size=80))
def test_whatever_happens_in_between_each_row_is_done_once_or_not_at_all(paint, chitra, happens, ids):
    Group.objects.filter(name__startswith="row ").delete()
    Act.objects.all().delete()  # those of the example before
    paint.breaks_at = None
    act = acts.begin("paint", ids, chitra)
    for what in happens:
        _happen(what, act, chitra, paint)
    act = there(act)

    should = [pk for pk in ids if pk % 2 == 0]
    assert painted() == sorted(should[: act.result.count])
    if act.state == State.DONE:
        assert painted() == sorted(should)


def _happen(what, act, chitra, paint):
    if what == "confirm":
        acts.confirm(act, chitra)
    elif what == "stop":
        acts.stop(act, chitra)
    elif what == "advance":
        acts.advance()
    else:
        _step(act, paint, {"step": None, "kill": KeyboardInterrupt(), "away": OperationalError()}[what])


def _step(act, paint, breaks):
    now = there(act)
    if breaks and now.state == State.RUNNING and now.position < now.total:
        paint.breaks_at, paint.breaks_with = now.will[now.position], breaks
        with pytest.raises(type(breaks)), transaction.atomic():
            acts.step(act.pk)
        paint.breaks_at = None
    else:
        acts.step(act.pk)

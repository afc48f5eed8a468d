"""Events of a burst are kept together, each once, and one that cannot be kept costs only itself."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DataError, OperationalError, connection

from notifications import keeping
from notifications.clock import now
from notifications.models import WebhookEvent


@pytest.fixture
def door(monkeypatch):
    monkeypatch.setattr(keeping, "_door", found := keeping._Door())
    return found


@pytest.fixture
def written(monkeypatch):
    """The statements' rows, by id."""
    seen, real = [], keeping._write

    def write(rows):
        seen.append([row.event_id for row in rows])
        real(rows)

    monkeypatch.setattr(keeping, "_write", write)
    return seen


def row(name, kind="message.read"):
    return keeping.Row(name, kind, "{}", now())


def keep(name):
    try:
        keeping.keep(row(name))
    finally:
        connection.close()


def in_a_burst(door, *names):
    """Keep these from a thread each, which all wait for their turn before the first gets it."""
    with ThreadPoolExecutor(len(names)) as pool:
        door.writing = keeping.WRITERS
        kept = [pool.submit(keep, name) for name in names]
        while len(door.waiting) < len(names):
            threading.Event().wait(0.001)
        door._next()
        return [future.exception(20) for future in kept]


def kept():
    return set(WebhookEvent.objects.values_list("event_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_burst_is_kept_in_one_statement(door, written):
    assert in_a_burst(door, *"abcdefgh") == [None] * 8

    assert [sorted(names) for names in written] == [sorted("abcdefgh")]
    assert kept() == set("abcdefgh")


@pytest.mark.django_db(transaction=True)
def test_the_same_event_twice_in_a_burst_is_kept_once(door):
    assert in_a_burst(door, "a", "a", "b") == [None] * 3

    assert sorted(WebhookEvent.objects.values_list("event_id", flat=True)) == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_kept_costs_only_itself(door):
    errors = in_a_burst(door, "a", "b", "x" * 200, "c")

    assert [type(error) for error in errors] == [type(None), type(None), DataError, type(None)]
    assert kept() == {"a", "b", "c"}


@pytest.mark.django_db(transaction=True)
def test_a_surprise_of_one_thread_loses_nobody_elses_event(door, monkeypatch):
    real, surprises = keeping._write, [RuntimeError("nobody thought of it")]

    def write(rows):
        if surprises:
            raise surprises.pop()
        real(rows)

    monkeypatch.setattr(keeping, "_write", write)
    errors = in_a_burst(door, *"abcd")

    assert sorted(type(error).__name__ for error in errors) == ["NoneType"] * 3 + ["RuntimeError"]
    assert len(kept()) == 3


def test_with_the_database_away_everybody_is_told(door, monkeypatch):
    def write(rows):
        raise OperationalError("away")

    monkeypatch.setattr(keeping, "_write", write)

    assert {type(error) for error in in_a_burst(door, *"abcd")} == {OperationalError}
    assert (door.waiting, door.writing) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_after_a_burst_the_next_event_need_not_wait(door, written):
    in_a_burst(door, *"abc")

    keep("d")

    assert written[-1] == ["d"]
    assert door.writing == 0

"""When: tries, the house's hours, a customer's do-not-disturb."""

from datetime import UTC, datetime, time, timedelta

import pytest

from notifications import schedule
from notifications.schedule import IST
from notifications.tests.conftest import ALARM, NEWS, OFFER

HOURS = {"reminder": schedule.span("07:00-21:00"), "marketing": schedule.span("10:00-20:00")}


def kind(base, **changes):
    """A kind like another, with other properties."""
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__ if name != "variable_kinds"}
    return type(base)(**fields | changes)


REMINDER = kind(NEWS, hours="reminder")


def at(hour, minute=0, day=10):
    return datetime(2027, 3, day, hour, minute, tzinfo=IST)


@pytest.mark.parametrize(("tries", "minutes"), [(1, 5), (2, 10), (3, 15)])
@pytest.mark.parametrize(("random", "jitter"), [(0.0, 1.0), (0.5, 1.05), (1.0, 1.1)])
def test_the_waits_between_tries(tries, minutes, random, jitter):
    due_at = schedule.next_try(tries, [5, 10, 15], at(12), lambda: random)

    assert due_at - at(12) == timedelta(minutes=minutes * jitter)


def test_after_the_last_try_there_is_none():
    assert schedule.next_try(4, [5, 10, 15], at(12), lambda: 0.0) is None
    assert schedule.next_try(1, [], at(12), lambda: 0.0) is None


@pytest.mark.parametrize(
    ("sent", "now", "opens"),
    [
        (NEWS, at(3), None),
        (REMINDER, at(7), None),
        (REMINDER, at(20, 59), None),
        (REMINDER, at(21), at(7, day=11)),
        (REMINDER, at(6, 59), at(7)),
        (REMINDER, at(23, 59), at(7, day=11)),
        (REMINDER, at(0), at(7)),
        (OFFER, at(9, 59), at(10)),
        (OFFER, at(10), None),
        (OFFER, at(20), at(10, day=11)),
        (REMINDER, datetime(2027, 3, 10, 16, 0, tzinfo=UTC), at(7, day=11)),  # 21:30 in India
        (REMINDER, datetime(2027, 3, 10, 2, 0, tzinfo=UTC), None),  # 07:30 in India
    ],
)
def test_the_house_keeps_its_hours_in_india(sent, now, opens):
    assert schedule.house_opens(sent, HOURS, now) == opens


def test_hours_that_end_when_they_begin_are_all_day():
    assert schedule.house_opens(OFFER, {"marketing": schedule.span("00:00-00:00")}, at(3)) is None


@pytest.mark.parametrize(
    ("sent", "start", "end", "now", "until"),
    [
        (NEWS, time(22), time(6), at(21, 59), None),
        (NEWS, time(22), time(6), at(22), at(6, day=11)),
        (NEWS, time(22), time(6), at(5, 59), at(6)),
        (NEWS, time(22), time(6), at(6), None),
        (NEWS, time(13), time(15), at(14), at(15)),
        (NEWS, time(13), time(15), at(16), None),
        (NEWS, time(13), time(13), at(14), None),
        (NEWS, None, None, at(3), None),
        (ALARM, time(22), time(6), at(23), None),
        (kind(NEWS, answers=True), time(22), time(6), at(23), None),
        (OFFER, time(22), time(6), at(23), at(6, day=11)),
    ],
)
def test_do_not_disturb_holds_all_but_urgent_kinds_and_answers(sent, start, end, now, until):
    assert schedule.quiet_until(sent, start, end, now) == until


@pytest.mark.parametrize("text", ["", "7-21", "07:00", "07:00-25:00", "07:00-09:00-10:00"])
def test_hours_that_cannot_be_read_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        schedule.span(text)

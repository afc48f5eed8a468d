"""When: tries, the house's hours, a customer's do-not-disturb."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import schedule
from notifications.schedule import IST
from notifications.tests.conftest import ALARM, NEWS, OFFER

HOURS = {"reminder": schedule.span("07:00-21:00"), "marketing": schedule.span("10:00-20:00")}
HOUSE = schedule.House(HOURS, last_call=time(22))


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
    assert HOUSE.opens(sent, at(12, day=13), now) == opens


def test_hours_that_end_when_they_begin_are_all_day():
    house = schedule.House({"marketing": schedule.span("00:00-00:00")})

    assert house.opens(OFFER, at(4), at(3)) is None


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        (at(20, 59), True),
        (at(21), True),
        (at(21, 59), True),
        (at(22), False),
        (at(23, 30), False),
        (at(3), False),
    ],
)
def test_what_is_worthless_before_the_house_opens_again_goes_until_last_call(now, goes):
    worthless_at = at(6, day=10 if now.hour < 6 else 11)
    opens = None if goes else at(7, day=worthless_at.day)

    assert HOUSE.opens(REMINDER, worthless_at, now) == opens


@pytest.mark.parametrize(
    ("worthless_at", "goes"),
    [(at(7, day=11), True), (at(7, 1, day=11), False), (at(12, day=12), False), (at(21, 31), True)],
)
def test_what_is_still_worth_sending_when_the_house_opens_waits_for_it(worthless_at, goes):
    assert (HOUSE.opens(REMINDER, worthless_at, at(21, 30)) is None) == goes


def test_offers_have_no_last_call():
    assert HOUSE.opens(OFFER, at(6, day=11), at(20, 30)) == at(10, day=11)


@pytest.mark.parametrize("last_call", [None, time(21), time(20), time(12), time(7, 1)])
def test_a_last_call_that_is_none_or_within_the_hours_lets_nothing_through(last_call):
    house = schedule.House(HOURS, last_call)

    assert house.opens(REMINDER, at(6, day=11), at(21)) == at(7, day=11)


moments = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)).map(lambda day: day.replace(tzinfo=IST))
clocks = st.times().map(lambda clock: clock.replace(microsecond=0))


@given(clocks, clocks, clocks | st.none(), moments, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_a_reminder_goes_within_the_hours_or_worthless_by_the_morning_before_last_call(
    begins, ends, last, now, lasts
):
    house = schedule.House({"reminder": (begins, ends)}, last)
    opens = house.opens(REMINDER, now + lasts, now)
    without = schedule.House({"reminder": (begins, ends)}).opens(REMINDER, now + lasts, now)

    assert opens in (None, without)  # a last call only lets go, and moves no opening
    if opens is None and without is not None:
        assert now + lasts <= without
        assert minutes_since(ends, now.time()) < minutes_since(ends, last) <= minutes_since(ends, begins)
    if opens is not None:
        assert now < opens <= now + timedelta(days=1)


def minutes_since(start, clock):
    """Of the clock's hand, from one time to another."""
    hands = [
        (time.hour * 60 + time.minute) * 60 + time.second + time.microsecond / 1e6 for time in (start, clock)
    ]
    return (hands[1] - hands[0]) % 86_400


@pytest.mark.parametrize(("text", "found"), [("22:00", time(22)), (" 21:30 ", time(21, 30)), ("", None)])
def test_a_last_call_is_a_time_or_none(text, found):
    assert schedule.last_call(text) == found


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

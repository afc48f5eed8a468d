"""The last twenty seconds of answers: is half of it trouble?"""

from notifications import channel
from notifications.outcomes import Answered
from notifications.providers.base import NotNow
from notifications.tests.engine.conftest import claimed

BROKEN = NotNow("Their fault.", "500")


def answers(count, failure, start=0):
    return [Answered(claimed(message_id=start + n), 5, failure=failure) for n in range(count)]


def test_half_of_the_last_twenty_seconds_is_trouble():
    window = channel.Window()

    assert not window.bad(answers(10, None), 100.0)
    assert window.bad(answers(10, BROKEN), 101.0)


def test_less_than_half_or_fewer_than_twenty_say_nothing():
    assert not channel.Window().bad(answers(19, BROKEN), 100.0)
    window = channel.Window()
    assert not window.bad([*answers(11, None), *answers(10, BROKEN)], 100.0)


def test_what_is_older_than_twenty_seconds_is_forgotten():
    window = channel.Window()
    window.bad(answers(50, BROKEN), 100.0)

    assert not window.bad(answers(20, None), 120.5)

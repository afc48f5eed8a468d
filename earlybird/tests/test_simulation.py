"""A month of the shop, played with the clock moved: everybody is told what the rules say, and nothing else."""

from datetime import date

import pytest

from earlybird.simulation import plan, rules
from earlybird.simulation.comparison import Comparison, kinds_left_out, was_told
from earlybird.simulation.moved import moved_clock
from earlybird.simulation.play import Play
from earlybird.simulation.settings import rules_as_written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def month():
    """One of each character, for a month in which bills are made and reminded of."""
    return plan.made(date(2026, 10, 20), 31, len(plan.CHARACTERS))


@pytest.fixture
def played(month):
    with rules_as_written(), moved_clock() as to:
        Play(month, to).run()
        yield Comparison(rules.told(month), was_told())


def test_every_customer_got_exactly_the_messages_that_the_rules_say(played):
    assert list(played.differences()) == []
    assert kinds_left_out(played.was) == {"start_confirmation"}


def test_a_message_that_is_missing_or_too_many_is_named(month):
    should = rules.told(month)
    (phone, kind, day), *_ = should
    was = should - rules.Told({(phone, kind, day): 1}) + rules.Told({(phone, "churn_risk", day): 1})

    lines = list(Comparison(should, was).differences())

    assert {line.split(" ", 4)[4] for line in lines} == {"churn_risk: 1 too many", f"{kind}: 1 missing"}

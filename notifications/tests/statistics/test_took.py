"""How exact the p95 is that the roll-up tells."""

from bisect import bisect
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.models.statistics import BUCKETS
from notifications.statistics.took import Took
from notifications.tests.statistics.conftest import p95

SHORTEST, LONGEST = 50, 86_399_999
MILLISECONDS = st.one_of(st.integers(SHORTEST, 60_000), st.integers(SHORTEST, LONGEST))
MANY = st.one_of(
    st.lists(MILLISECONDS, min_size=20, max_size=400),
    st.lists(st.sampled_from([50, 60, 999, 1000, LONGEST]), min_size=20, max_size=60),
)


def rolled_up(milliseconds):
    took = Took()
    for each in milliseconds:
        took.add(bisect(BUCKETS, each / 1000), 1, each)
    return took


def test_each_bound_is_at_most_a_fifth_above_the_one_before():
    assert (BUCKETS[0], BUCKETS[-1]) == (0.05, 86400)
    assert all(1 < high / low <= 1.2 for low, high in pairwise(BUCKETS))


@given(MANY)
def test_the_p95_of_twenty_messages_or_more_is_within_a_fifth_of_the_exact_one(milliseconds):
    exact = p95(sorted(each / 1000 for each in milliseconds))

    assert rolled_up(milliseconds).within(0.95) == pytest.approx(exact, rel=0.2, abs=0.0005)


def test_the_p95_of_messages_that_lie_evenly_is_within_a_twentieth():
    for slowest in (1_000, 45_000, 600_000):
        milliseconds = range(100, slowest, 100)
        exact = p95([each / 1000 for each in milliseconds])

        assert rolled_up(milliseconds).within(0.95) == pytest.approx(exact, rel=0.05)


def test_below_the_first_bound_it_is_off_by_no_more_than_that():
    assert 0 <= rolled_up([1] * 19 + [49]).within(0.95) <= 0.05


def test_of_no_message_it_says_nothing():
    assert (Took().average(), Took().within(0.95)) == (None, None)

"""Numbers are counted up, and nobody is given one twice."""

import pytest

from notifications.tests.at_once import together
from orders.models import Count
from orders.numbers import take

pytestmark = pytest.mark.django_db


def test_each_prefix_counts_from_one():
    assert [take("EB-20261122"), take("EB-20261122"), take("EB-20261123")] == [1, 2, 1]


def test_a_block_is_taken_whole():
    assert (take("EB-20261122", 5), take("EB-20261122")) == (1, 6)
    assert Count.objects.get().last == 6


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_given_different_ones():
    taken = []
    together(lambda: taken.append(take("EB-20261122")), 8)

    assert sorted(taken) == list(range(1, 9))

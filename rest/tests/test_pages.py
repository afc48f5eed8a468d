"""Pages by cursor: every row once, in both directions, in any order, however many share a value."""

from itertools import chain, pairwise

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rest.pages import Cursor, Order, page

pytestmark = pytest.mark.django_db

NAMES = ["", "Asha", "Asha", "Asha", "Bilal", "Bilal", "Chitra", "O'Brien — \n; DROP", "अ", "z" * 150]
ORDERS = [Order(field, descending) for field in ("id", "first_name", "date_joined") for descending in (0, 1)]
without_fresh_rows = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)


@pytest.fixture
def people(db):
    User.objects.bulk_create(
        User(username=f"u{number}", first_name=name) for number, name in enumerate(NAMES * 3)
    )
    return User.objects.filter(username__startswith="u")


def parts(people, cuts):
    """The rows, cut in parts that do not overlap, as the numbers of one customer are."""
    bounds = [0, *sorted(cuts), 10**9]
    firsts = people.order_by("id")[0].pk
    return [people.filter(id__gte=firsts + low, id__lt=firsts + high) for low, high in pairwise(bounds)]


def walk(rows, order, limit, cursor, way):
    found = []
    while True:
        shown = page(rows, order, cursor, 0, limit)
        found.append([row.pk for row in shown.rows])
        place = getattr(shown, way)
        if place is None:
            return found
        cursor = Cursor.read(str(place), order, User)


@without_fresh_rows
@given(
    order=st.sampled_from(ORDERS),
    limit=st.integers(1, 40),
    cuts=st.sets(st.integers(1, 29), max_size=3),
)
def test_there_and_back_every_row_is_shown_once(people, order, limit, cuts):
    rows, expected = parts(people, cuts), list(people.order_by(*order.columns(False)))

    there = walk(rows, order, limit, None, "next")
    last = page(rows, order, None, 0, 40).rows[-1]
    back = walk(rows, order, limit, Cursor.beside(last, order, backwards=True), "previous")

    assert list(chain.from_iterable(there)) == [row.pk for row in expected]
    assert list(chain.from_iterable(reversed(back))) == [row.pk for row in expected[:-1]]


@without_fresh_rows
@given(order=st.sampled_from(ORDERS), skip=st.integers(0, 40), limit=st.integers(1, 10))
def test_what_is_skipped_is_left_out(people, order, skip, limit):
    expected = list(people.order_by(*order.columns(False)))[skip : skip + limit]

    assert list(page([people], order, None, skip, limit).rows) == expected


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_a_row_that_comes_between_two_pages_shifts_nothing(people, order):
    first = page([people], order, None, 0, 5)
    expected = list(people.order_by(*order.columns(False)))[5:10]
    User.objects.create(username="u-new", first_name="")
    first.rows[0].delete()

    shown = page([people.exclude(username="u-new")], order, first.next, 0, 5).rows

    assert list(shown) == expected


def test_a_value_that_no_row_can_hold_is_no_cursor(people):
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor.read(str(Cursor(Order("first_name"), "a\0b", 1)), Order("first_name"), User)


def test_a_cursor_of_another_order_is_refused(people):
    cursor = page([people], Order("first_name"), None, 0, 5).next

    with pytest.raises(ValueError, match="not a cursor of this list"):
        Cursor.read(str(cursor), Order("id"), User)


@given(text=st.text(max_size=60))
def test_whatever_is_typed_as_a_cursor_is_a_value_error_and_nothing_else(text):
    with pytest.raises(ValueError):  # noqa: PT011 (base64 has its own words)
        Cursor.read(text, Order("date_joined"), User)

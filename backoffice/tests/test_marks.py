"""What cells of lists share."""

from datetime import UTC, date, datetime

import pytest

from backoffice.marks import at, grouped, money, status


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (99_999, "99,999"),
        (100_000, "1,00,000"),
        (12_345_678, "1,23,45,678"),
    ],
)
def test_counts_are_grouped_the_indian_way(count, written):
    assert grouped(count) == written


def test_a_status_carries_its_code_for_the_colour_and_begins_with_a_capital():
    assert status("partially_paid", "partially paid") == (
        '<span class="status is-partially_paid">Partially paid</span>'
    )


def test_what_stands_in_a_status_is_escaped():
    assert "&lt;b&gt;" in status("open", "<b>")


def test_money_is_marked_for_its_column():
    assert money("₹27") == '<span class="money">₹27</span>'


def test_the_hour_alone_stands_where_the_row_names_the_day():
    moment = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)

    assert at(moment, date(2026, 11, 26)) == '<span class="day">6:45 AM</span>'
    assert at(moment, date(2026, 11, 25)) == '<span class="day">26 Nov, 6:45 AM</span>'
    assert at(None, date(2026, 11, 26)) is None

"""The figures, against literal ones counted by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from notifications import statistics
from notifications.models import Status
from notifications.statistics import Span
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.statistics.conftest import NOON, TODAY, stands

pytestmark = pytest.mark.django_db

NOBODY = {status.value: 0 for status in Status}
NO_RATES = {"success_rate": None, "delivery_rate": None, "read_rate": None}
NO_TIMES = {"average_send_seconds": None, "p95_send_seconds": None, "cost": Decimal(0)}
NOTHING = {"total": 0, **NOBODY, "accepted": 0, "arrived": 0, **NO_RATES, **NO_TIMES}
WEEK = Span.until(NOON, 7)


def report(span=WEEK, **wanted):
    """From the roll-up, once it is counted."""
    for day in span.days():
        statistics.recount(day)
    return statistics.report(span, **wanted)


def without_p95(found):
    for row in (found, *found["by_kind"], *found["by_day"]):
        del row["p95_send_seconds"]
    return found


def test_every_status_accepted_arrived_and_the_three_rates_are_counted():
    for status, count in {"sent": 2, "delivered": 3, "read": 5, "failed": 1, "expired": 1}.items():
        for _ in range(count):
            stands(status, took=1.5, cost="0.1312")
    for status in ("queued", "retrying", "suppressed", "cancelled"):
        stands(status)

    found = report()
    del found["by_kind"], found["by_day"]
    assert found == {
        "total": 16,
        **{"queued": 1, "sending": 0, "retrying": 1, "uncertain": 0, "sent": 2, "delivered": 3, "read": 5},
        **{"failed": 1, "expired": 1, "suppressed": 1, "cancelled": 1},
        **{"accepted": 10, "arrived": 8},
        **{"success_rate": 0.8333, "delivery_rate": 0.8, "read_rate": 0.5},
        **{"average_send_seconds": 1.5, "p95_send_seconds": 1.566},  # around 1.5, up to 1.582
        "cost": Decimal("1.31"),  # of ten
    }


def test_nothing_is_zeros_and_no_rate():
    assert report() == {
        **NOTHING,
        "by_kind": [],
        "by_day": [{"date": day, **NOTHING} for day in WEEK.days()],
    }


def test_each_kind_has_its_figures_in_the_order_of_names():
    for kind, status in (("test_offer", "failed"), ("test_news", "read"), ("test_news", "queued")):
        stands(status, kind=kind)

    found = [(row["message_type"], row["total"], row["success_rate"]) for row in report()["by_kind"]]
    assert found == [("test_news", 2, 1.0), ("test_offer", 1, 0.0)]


def test_each_day_has_its_figures_the_empty_ones_too_the_oldest_first():
    for days_ago in (0, 2, 2, 6, 7):
        stands("sent", days_ago=days_ago)

    found = report()
    assert [(row["date"].day, row["sent"]) for row in found["by_day"]] == [
        (4, 1), (5, 0), (6, 0), (7, 0), (8, 2), (9, 0), (10, 1),
    ]  # fmt: skip
    assert found["total"] == 4


@pytest.mark.parametrize("phones", [None, [ASHA]])
def test_a_day_begins_at_midnight_in_india(phones):
    midnight = datetime(2025, 3, 9, 18, 30, tzinfo=UTC)
    stands("sent", queued_at=midnight)
    stands("read", queued_at=midnight - timedelta(microseconds=1))

    found = report(Span(TODAY, TODAY), phones=phones)
    assert (found["total"], found["sent"]) == (1, 1)


def test_today_in_india_is_another_day_than_in_greenwich():
    late = datetime(2025, 3, 10, 20, tzinfo=UTC)

    assert Span.until(late, 2).days() == [TODAY, TODAY + timedelta(days=1)]


def test_one_kind_alone():
    for kind in ("test_news", "test_offer", "test_offer"):
        stands("sent", kind=kind)

    found = report(kind="test_offer")
    assert found["total"] == found["by_day"][-1]["total"] == 2
    assert [row["message_type"] for row in found["by_kind"]] == ["test_offer"]


def test_the_messages_of_some_numbers_are_counted_from_the_log():
    stands("sent", took=1.5)
    stands("read", took=2.5, days_ago=1)
    stands("failed", phone=BILAL)

    found = statistics.report(WEEK, phones=[ASHA])  # nothing is rolled up
    assert (found["total"], found["sent"], found["read"], found["failed"]) == (2, 1, 1, 0)
    assert found["average_send_seconds"] == 2.0


def test_who_has_no_number_has_no_messages():
    stands("sent")

    assert statistics.report(WEEK, phones=[])["total"] == 0


def test_all_and_one_number_are_counted_alike():
    for n, status in enumerate(Status):
        stands(status, took=0.3 * 3**n, kind=("test_news", "test_offer")[n % 2], days_ago=n % 3)

    assert without_p95(report()) == without_p95(statistics.report(WEEK, phones=[ASHA]))


def test_what_was_accepted_once_counts_with_its_time_whatever_became_of_it():
    stands("sent", took=1)
    stands("failed", took=3, ever=True)
    stands("failed")

    found = report()
    assert found["average_send_seconds"] == 2.0
    assert found["success_rate"] == 0.3333


def test_the_p95_of_a_number_is_exact_of_all_of_each_kind_and_of_each_day():
    for second in range(1, 21):
        stands("sent", took=second)
    for took in (0.25, 100.123):
        stands("read", took=took, kind="test_offer", days_ago=1)
    stands("sent", took=5000, phone=BILAL)

    found = statistics.report(WEEK, phones=[ASHA])
    assert (
        found["p95_send_seconds"] == 19.95
    )  # of 22, 19 places after the first, and 0.95 of the way to the next
    assert [row["p95_send_seconds"] for row in found["by_kind"]] == [19.05, 95.129]
    assert [row["p95_send_seconds"] for row in found["by_day"]] == [None] * 5 + [95.129, 19.05]


def test_the_p95_of_everybody_lies_in_the_bucket_of_the_message_that_95_percent_are_as_fast_as():
    for took in [0.2] * 94 + [7] * 4 + [100] * 2:
        stands("sent", took=took)

    # The first of four that lie evenly around 7, between 6.773, where their bucket begins, and 7.227.
    assert report()["p95_send_seconds"] == 6.836


def test_of_what_took_more_than_a_day_p95_says_a_day():
    stands("sent", took=200_000)

    assert report()["p95_send_seconds"] == 86400


def test_what_was_sent_before_it_was_queued_by_two_clocks_took_no_time():
    stands("sent", took=-0.2)

    assert report()["average_send_seconds"] == 0


@pytest.mark.parametrize(("took", "bucket"), [(0.049, 0), (0.05, 1), (0.06, 2), (1.0, 17), (86400, 80)])
def test_a_bucket_holds_its_lower_edge_and_not_its_upper(took, bucket):
    stands("sent", took=took)

    assert [row.bucket for row in statistics.recount(TODAY) if row.status == "took"] == [bucket]


def test_the_roll_up_is_read_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        statistics.report(WEEK)

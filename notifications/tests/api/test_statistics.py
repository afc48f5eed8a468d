"""`statistics`: whose, which days, which kinds."""

import pytest

from notifications import outbox, statistics
from notifications.statistics import Span
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.statistics.conftest import NOON, stands

ADDRESS = "/api/notifications/statistics"


@pytest.fixture(autouse=True)
def _noon(monkeypatch, texts):
    monkeypatch.setattr("notifications.api.statistics.clock_now", lambda: NOON)
    stands("sent", phone=ASHA, cost="0.13")
    stands("read", phone=ASHA, kind="test_offer", days_ago=1, cost="0.86")
    stands("failed", phone=BILAL, days_ago=29)
    stands("queued", phone=BILAL, days_ago=30)
    for day in Span.until(NOON, 40).days():
        statistics.recount(day)


def asked(client, **query):
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_staff_see_everybodys_of_thirty_days(chitra):
    found = asked(chitra)

    assert (found["days"], found["from"], found["until"]) == (30, "2025-02-09", "2025-03-10")
    assert (found["total"], found["sent"], found["read"], found["failed"]) == (3, 1, 1, 1)
    assert found["success_rate"] == 0.6667
    assert [row["message_type"] for row in found["by_kind"]] == ["test_news", "test_offer"]
    assert len(found["by_day"]) == 30
    assert (found["by_day"][0]["date"], found["by_day"][0]["failed"]) == ("2025-02-09", 1)


def test_as_many_days_as_were_asked_for(chitra):
    assert asked(chitra, days=1)["total"] == 1
    assert asked(chitra, days=2)["total"] == 2
    assert asked(chitra, days=31)["total"] == 4
    assert len(asked(chitra, days=365)["by_day"]) == 365


def test_a_customer_sees_their_own(asha, bilal):
    assert asked(asha)["total"] == 2
    assert asked(bilal)["total"] == 1
    assert asked(bilal)["average_send_seconds"] is None


def test_staff_see_what_it_cost_and_a_customer_does_not(chitra, asha):
    for found in (asked(chitra), asked(chitra, phone=ASHA)):
        assert found["cost"] == "0.99"
        assert [row["cost"] for row in found["by_kind"]] == ["0.13", "0.86"]
        assert [row["cost"] for row in found["by_day"][-3:]] == ["0.00", "0.86", "0.13"]
    found = asked(asha)
    assert not [row for row in (found, *found["by_kind"], *found["by_day"]) if "cost" in row]


def test_staff_need_no_permission_to_look(chitra, dev):
    assert asked(dev) == asked(chitra)


def test_staff_ask_for_one_number_in_any_form(chitra):
    assert asked(chitra, phone="098765-43210")["total"] == 2
    assert asked(chitra, phone="+91 98765 43211")["total"] == 1


def test_a_customer_asks_for_their_own_number_and_nobody_elses(asha):
    assert asked(asha, phone="98765 43210")["total"] == 2
    assert asha.get(ADDRESS, {"phone": BILAL}).status_code == 404


def test_one_kind(chitra, asha):
    for client in (chitra, asha):
        found = asked(client, message_type="test_offer")
        assert (found["total"], found["read"]) == (1, 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"days": "1" + "0" * 30}, "days"),
        ({"days": "a week"}, "days"),
        ({"phone": "12"}, "phone"),
        ({"phone": "\0"}, "phone"),
        ({"message_type": "test_new"}, "message_type"),
        ({"message_type": "\0"}, "message_type"),
    ],
)
def test_a_query_that_is_wrong_is_refused_by_its_field(chitra, query, field):
    answer = chitra.get(ADDRESS, query)

    assert answer.status_code == 400
    assert list(errors(answer)) == [field]


def test_a_form_that_was_left_empty_asks_for_everything(chitra):
    assert asked(chitra, days="", phone="", message_type="")["total"] == 3


def test_who_is_not_signed_in_is_told_so(anybody):
    assert anybody.get(ADDRESS).status_code == 401


def test_a_message_is_counted_where_it_stands_a_moment_after_it_was_queued(chitra, monkeypatch):
    monkeypatch.undo()
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    today = asked(chitra, days=1)["by_day"][-1]

    assert today["queued"] == today["total"] == 1

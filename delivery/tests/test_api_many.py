"""Many deliveries in one request."""

import json
from datetime import timedelta

import pytest

from delivery import actions as deliveries
from delivery.models import Agent, Delivery
from delivery.tests.conftest import LIST, refused
from notifications.models import Message
from orders import actions

pytestmark = pytest.mark.django_db


def post(api, way, body):
    return api.post(f"{LIST}/{way}", json.dumps(body), content_type="application/json")


def mark(api, *ids):
    return post(api, "mark-delivered", {"ids": ids})


def test_many_are_marked_and_each_is_answered_in_the_order_given(api, order, delivery, imrans):
    actions.cancel(order)
    answer = mark(api, imrans.pk, delivery.pk, 999)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "delivered": 1,
        "items": [
            {"id": imrans.pk, "status": "delivered", "error": None},
            {
                "id": delivery.pk,
                "status": "cancelled",
                "error": f"The delivery of order {order} is cancelled.",
            },
            {"id": 999, "status": None, "error": "There is no such delivery that you may mark."},
        ],
    }


def test_the_same_request_again_is_answered_the_same(api, delivery, imrans):
    first = mark(api, delivery.pk, imrans.pk, delivery.pk)
    assert mark(api, delivery.pk, imrans.pk).json() == first.json()
    assert Message.objects.filter(kind="delivery_confirmed").count() == 2


@pytest.mark.parametrize(
    "ids", [None, [], "1", [0], ["1"], [1.5], [True], [10**30], {}, [[1]], list(range(1, 502))]
)
def test_ids_that_are_none_are_refused(api, ids):
    answer = post(api, "mark-delivered", {"ids": ids})
    assert answer.status_code == 400
    assert all(error["attr"].startswith("ids") for error in answer.json()["errors"])


def test_an_agent_marks_what_is_given_to_them_and_nothing_else(as_bilal, his, imrans):
    answer = mark(as_bilal, his.pk, imrans.pk).json()
    assert [row["status"] for row in answer["items"]] == ["delivered", None]
    imrans.refresh_from_db()
    assert imrans.status == "pending"


def test_a_customer_marks_nothing_not_even_their_own(as_asha, delivery):
    for way, body in (
        ("mark-delivered", {"ids": [delivery.pk]}),
        ("delay", {"date": str(delivery.date), "area": "Indiranagar", "minutes": 30}),
        ("out-for-delivery", {"date": str(delivery.date), "area": "Indiranagar"}),
    ):
        assert post(as_asha, way, body).status_code == 403
    assert Delivery.objects.get().status == "pending"


def test_a_delivery_is_marked_not_delivered_with_a_reason(api, delivery):
    answer = post(api, f"{delivery.pk}/mark-not-delivered", {"reason": "door_locked", "note": "Gate shut"})
    body = answer.json()
    assert (answer.status_code, body["status"], body["reason"]) == (200, "not_delivered", "door_locked")
    assert (body["note"], body["delivered_at"]) == ("Gate shut", None)
    assert body["not_delivered_at"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "lost"}, "reason"),
        ({"reason": "other"}, "note"),
        ({"reason": "damaged", "note": "x" * 201}, "note"),
        ({"reason": "damaged", "note": 5}, "note"),
    ],
)
def test_a_reason_that_says_nothing_is_refused(api, delivery, body, field):
    assert refused(post(api, f"{delivery.pk}/mark-not-delivered", body)) == (400, [field])


def test_what_was_delivered_is_not_marked_otherwise(api, delivery):
    deliveries.mark_delivered(delivery)
    answer = post(api, f"{delivery.pk}/mark-not-delivered", {"reason": "damaged"})
    assert refused(answer) == (409, ["status"])


def test_an_agent_says_why_their_own_was_not_delivered(as_bilal, his, imrans):
    why = {"reason": "nobody_home"}
    assert post(as_bilal, f"{his.pk}/mark-not-delivered", why).status_code == 200
    assert post(as_bilal, f"{imrans.pk}/mark-not-delivered", why).status_code == 404


def test_an_area_is_delayed_to_a_time(api, delivery, imrans, later, texts_of):
    body = {"date": str(delivery.date), "area": "indiranagar", "eta": later.isoformat()}
    assert post(api, "delay", body).json() == {"delayed": 1, "told": 1, "refused": []}
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:00 AM"]


def test_an_agents_route_is_delayed_by_minutes(api, his, imrans, texts_of):
    body = {"date": str(his.date), "agent": his.agent_id, "minutes": 30}
    assert post(api, "delay", body).json() == {"delayed": 1, "told": 1, "refused": []}
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 8:30 AM"]


def test_what_is_expected_later_already_is_named_and_stays(api, delivery, later):
    deliveries.delay(delivery, later + timedelta(hours=1))
    body = {"date": str(delivery.date), "area": "Indiranagar", "eta": later.isoformat()}
    answer = post(api, "delay", body).json()
    assert (answer["delayed"], answer["told"]) == (0, 0)
    assert answer["refused"][0]["id"] == delivery.pk
    assert "expected at 10:00" in answer["refused"][0]["error"]


def test_what_is_over_is_left_out_of_a_route(api, delivery, later):
    deliveries.mark_delivered(delivery)
    body = {"date": str(delivery.date), "area": "Indiranagar", "eta": later.isoformat()}
    assert post(api, "delay", body).json() == {"delayed": 0, "told": 0, "refused": []}


ROUTE = {"date": "2026-12-01", "area": "Indiranagar"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"area": "Indiranagar", "minutes": 5}, "date"),
        ({"date": "1 December", "area": "Indiranagar", "minutes": 5}, "date"),
        ({"date": "2026-12-01", "minutes": 5}, "area"),
        ({"date": "2026-12-01", "agent": 999, "minutes": 5}, "agent"),
        (ROUTE, "minutes"),
        (ROUTE | {"minutes": 5, "eta": "2026-12-01T09:00"}, "minutes"),
        (ROUTE | {"minutes": 0}, "minutes"),
        (ROUTE | {"minutes": 1441}, "minutes"),
        (ROUTE | {"minutes": "30"}, "minutes"),
        (ROUTE | {"eta": "soon"}, "eta"),
    ],
)
def test_a_delay_that_makes_no_sense_is_refused_naming_the_field(api, body, field):
    assert refused(post(api, "delay", body)) == (400, [field])


def test_an_agent_delays_and_sends_out_their_own_route_only(as_bilal, his, imrans):
    ravi = Agent.objects.create(name="Ravi", phone="98765 43298")
    deliveries.assign(imrans, ravi)
    for agent, count in ((ravi.pk, 0), (his.agent_id, 1)):
        route = {"date": str(his.date), "agent": agent}
        assert post(as_bilal, "delay", route | {"minutes": 30}).json()["delayed"] == count
        assert post(as_bilal, "out-for-delivery", route).json() == {"out_for_delivery": count}
    imrans.refresh_from_db()
    assert (imrans.eta, imrans.status) == (None, "pending")


def test_an_area_is_sent_out(api, delivery, imrans):
    route = {"date": str(delivery.date), "area": "Indiranagar"}
    assert post(api, "out-for-delivery", route).json() == {"out_for_delivery": 1}
    assert post(api, "out-for-delivery", route).json() == {"out_for_delivery": 0}
    assert [row.status for row in Delivery.objects.order_by("pk")] == ["out_for_delivery", "pending"]


def test_with_a_key_the_same_delay_is_done_once(api, his, texts_of):
    body = json.dumps({"date": str(his.date), "agent": his.agent_id, "minutes": 30})
    given = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "tablet-7-1"}
    first, second = (api.post(f"{LIST}/delay", body, **given) for _ in range(2))
    assert first.json() == second.json() == {"delayed": 1, "told": 1, "refused": []}
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 8:30 AM"]

"""What is done to deliveries by API."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from delivery import actions as deliveries
from delivery.models import Delivery
from delivery.tests.conftest import LIST, refused
from notifications.models import Message
from orders import actions

pytestmark = pytest.mark.django_db


def test_a_delivery_is_given_to_an_agent_and_taken_back(api, delivery, bilal):
    for agent in (bilal.pk, bilal.pk, None):
        answer = api.patch(f"{LIST}/{delivery.pk}", {"agent": agent}, format="json")
        assert (answer.status_code, answer.json()["agent"]) == (200, agent)


def test_a_patch_of_nothing_changes_nothing(api, his):
    answer = api.patch(f"{LIST}/{his.pk}", {}, format="json")
    assert (answer.status_code, answer.json()["agent"]) == (200, his.agent_id)


def test_an_agent_is_told_to_nobody(api, delivery, bilal):
    Message.objects.all().delete()
    api.patch(f"{LIST}/{delivery.pk}", {"agent": bilal.pk}, format="json")
    assert not Message.objects.exists()


@pytest.mark.parametrize("agent", [0, -1, "x", True, [], {}, 10**30, "\u0000", "\ud800"])
def test_an_agent_that_is_none_is_refused(api, delivery, agent):
    body = json.dumps({"agent": agent})
    answer = api.patch(f"{LIST}/{delivery.pk}", body, content_type="application/json")
    assert refused(answer) == (400, ["agent"])


def test_what_was_brought_is_not_given_to_another_agent(api, delivery, bilal):
    deliveries.mark_delivered(delivery)
    answer = api.patch(f"{LIST}/{delivery.pk}", {"agent": bilal.pk}, format="json")
    assert refused(answer) == (409, ["status"])


def test_marking_delivered_twice_is_one_delivery_and_one_message(api, delivery, texts_of):
    first = api.post(f"{LIST}/{delivery.pk}/mark-delivered")
    second = api.post(f"{LIST}/{delivery.pk}/mark-delivered")
    assert (first.status_code, first.json()["status"]) == (200, "delivered")
    assert second.json() == first.json()
    assert len(texts_of("delivery_confirmed")) == 1


def test_a_cancelled_delivery_is_not_marked_delivered(api, order, delivery):
    actions.cancel(order)
    answer = api.post(f"{LIST}/{delivery.pk}/mark-delivered")
    assert refused(answer) == (409, ["status"])
    assert answer.json()["errors"][0]["code"] == "state"


def test_delaying_to_the_same_eta_twice_is_one_message(api, delivery, later, texts_of):
    for _ in range(2):
        answer = api.post(f"{LIST}/{delivery.pk}/delay", {"eta": later.isoformat()}, format="json")
        assert answer.json()["eta"] == timezone.localtime(later).isoformat(timespec="microseconds")
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:00 AM"]


def test_an_eta_without_an_offset_is_in_india(api, delivery, texts_of):
    api.post(f"{LIST}/{delivery.pk}/delay", {"eta": f"{delivery.date}T09:15"}, format="json")
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:15 AM"]


def test_an_eta_earlier_than_known_is_kept_and_not_told(api, delivery, later, texts_of):
    deliveries.delay(delivery, later)
    earlier = later - timedelta(minutes=30)
    api.post(f"{LIST}/{delivery.pk}/delay", {"eta": earlier.isoformat()}, format="json")
    assert Delivery.objects.get().eta == earlier
    assert len(texts_of("delivery_delayed")) == 1


@pytest.mark.parametrize("over", ["delivered", "not_delivered", "cancelled"])
def test_what_is_over_is_not_delayed(api, delivery, later, over):
    ends = {
        "delivered": {"delivered_at": later},
        "not_delivered": {"not_delivered_at": later, "reason": "damaged"},
    }
    Delivery.objects.update(status=over, **ends.get(over, {}))
    answer = api.post(f"{LIST}/{delivery.pk}/delay", {"eta": later.isoformat()}, format="json")
    assert refused(answer) == (409, ["status"])


@pytest.mark.parametrize(
    "eta",
    [
        *(
            "2020-01-01T09:00:00+05:30",
            "9999-12-31T23:59:59",
            "0001-01-01T00:00:00",
            "0001-01-01T00:00+14:00",
        ),
        *("9999-12-31T23:59:59-14:00", "soon", "", None, 9, 1e300, True, [], {}, "\u0000", "\ud800"),
    ],
)
def test_an_eta_that_cannot_be_is_refused_naming_it(api, delivery, eta):
    body = json.dumps({"eta": eta})
    answer = api.post(f"{LIST}/{delivery.pk}/delay", body, content_type="application/json")
    assert refused(answer) == (400, ["eta"])
    assert Delivery.objects.get().eta is None


def test_an_eta_before_the_slot_is_refused(api, delivery):
    eta = delivery.slot_starts_at - timedelta(minutes=1)
    answer = api.post(f"{LIST}/{delivery.pk}/delay", {"eta": eta.isoformat()}, format="json")
    assert "which begins at 06:00" in answer.json()["errors"][0]["detail"]


def test_an_eta_three_days_later_is_refused(api, delivery):
    eta = delivery.slot_starts_at + timedelta(days=3)
    answer = api.post(f"{LIST}/{delivery.pk}/delay", {"eta": eta.isoformat()}, format="json")
    assert "more than 2 days after" in answer.json()["errors"][0]["detail"]


def test_a_delay_without_an_eta_is_refused(api, delivery):
    assert refused(api.post(f"{LIST}/{delivery.pk}/delay", {}, format="json")) == (400, ["eta"])


def test_a_delay_repeated_late_with_its_key_moves_nothing_back(api, delivery, later, texts_of):
    def delay(eta, key):
        url, headers = f"{LIST}/{delivery.pk}/delay", {"Idempotency-Key": key}
        return api.post(url, {"eta": eta.isoformat()}, format="json", headers=headers)

    first, second, again = delay(later, "a"), delay(later + timedelta(hours=1), "b"), delay(later, "a")

    assert (first.status_code, again.status_code, again.json()) == (200, 200, second.json())
    assert len(texts_of("delivery_delayed")) == 2


@pytest.mark.parametrize(
    ("act", "body"),
    [("mark-delivered", {}), ("mark-not-delivered", {"reason": "nobody_home"}), ("delay", {"eta": "x"})],
)
def test_a_key_that_named_another_request_is_refused(api, delivery, later, act, body):
    headers = {"Idempotency-Key": "a"}
    api.post(f"{LIST}/{delivery.pk}/delay", {"eta": later.isoformat()}, format="json", headers=headers)

    answer = api.post(f"{LIST}/{delivery.pk}/{act}", body, format="json", headers=headers)

    assert (answer.status_code, Delivery.objects.get().status) == (422, "pending")

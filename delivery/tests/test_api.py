import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from rest_framework.test import APIClient

from delivery import actions as deliveries
from delivery.models import Agent, Delivery
from notifications.models import Message
from orders import actions
from orders.models import Customer

pytestmark = pytest.mark.django_db
LIST = "/api/deliveries"


def signed_in(user):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(chitra):
    return signed_in(chitra)


@pytest.fixture
def bilals(bilal):
    """Bilal's tablet: he delivers, and is not staff."""
    bilal.user = User.objects.create_user("bilal")
    bilal.save()
    return signed_in(bilal.user)


@pytest.fixture
def ashas(asha):
    asha.user = User.objects.create_user("asha")
    asha.save()
    return signed_in(asha.user)


@pytest.fixture
def his(delivery, bilal):
    """Asha's delivery, given to Bilal."""
    return deliveries.assign(delivery, bilal)


@pytest.fixture
def imrans(milk, tomorrow):
    """A delivery to somebody else, in another area."""
    imran = Customer.objects.create(name="Imran", phone="98765 43217", area="Jayanagar")
    return actions.place_order(imran, tomorrow, [(milk, 1)]).delivery


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def refused(answer):
    return answer.status_code, [error["attr"] for error in answer.json()["errors"]]


def test_a_delivery_says_what_an_agent_needs_at_the_door(api, his, milk, bilal):
    his.order.customer.address = "12, 4th Cross"
    his.order.customer.save()
    assert api.get(f"{LIST}/{his.pk}").json() == {
        "id": his.pk,
        "order": his.order_id,
        "customer": {
            "id": his.order.customer_id,
            "name": "Asha",
            "phone": "+919876543210",
            "address": "12, 4th Cross",
            "area": "Indiranagar",
        },
        "items": [{"product": milk.pk, "name": "Cow milk", "unit": "500 ml", "quantity": 2}],
        "date": his.date.isoformat(),
        "slot_start": "06:00",
        "slot_end": "08:00",
        "area": "Indiranagar",
        "eta": None,
        "status": "pending",
        "agent": bilal.pk,
        "agent_name": "Bilal",
        "agent_phone": "+919876543299",
        "delivered_at": None,
    }


def test_without_an_agent_there_is_no_name_and_no_number(api, delivery):
    row = api.get(f"{LIST}/{delivery.pk}").json()
    assert (row["agent"], row["agent_name"], row["agent_phone"]) == (None, None, None)


def test_deliveries_are_found_by_what_they_are(api, his, imrans, tomorrow):
    after = tomorrow + timedelta(days=1)
    for query, found in {
        f"date={tomorrow}": [imrans.pk, his.pk],
        f"date={after}": [],
        f"date_from={tomorrow}&date_until={tomorrow}": [imrans.pk, his.pk],
        f"date_from={after}": [],
        "date_until=2020-01-01": [],
        "status=pending": [imrans.pk, his.pk],
        "status=delivered": [],
        "area=Jayanagar": [imrans.pk],
        f"agent={his.agent_id}": [his.pk],
        f"customer={imrans.order.customer_id}": [imrans.pk],
        f"order={his.order_id}": [his.pk],
        "order=999999": [],
        "search=asha": [his.pk],
        "search=98765 43217": [imrans.pk],
        "ordering=date": [his.pk, imrans.pk],
    }.items():
        assert ids(api.get(f"{LIST}?{query}")) == found, query


@pytest.mark.parametrize(
    "query",
    [
        *("date=tomorrow", "date=01/02/2026", "date_from=2026-02-30", "date_until=%00", "status=lost"),
        *("area=%00", "agent=x", "customer=1e99", "order=0", f"order={10**30}", "ordering=area"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_naming_it(api, delivery, query):
    assert refused(api.get(f"{LIST}?{query}")) == (400, [query.split("=")[0]])


def test_a_page_of_many_asks_as_few_questions_as_a_page_of_one(
    api, his, milk, tomorrow, django_assert_num_queries
):
    with django_assert_num_queries(3):
        api.get(LIST)
    for number in range(5):
        other = Customer.objects.create(name="Meera", phone=f"98765 4320{number}")
        placed = actions.place_order(other, tomorrow, [(milk, 1), (milk, 2)])
        agent = Agent.objects.create(name="Ravi", phone=f"98765 4330{number}")
        deliveries.assign(placed.delivery, agent)
    with django_assert_num_queries(3):
        assert len(ids(api.get(LIST))) == 6


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
    Delivery.objects.update(status=over, delivered_at=later if over == "delivered" else None)
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


def test_an_agent_sees_what_was_given_to_him_and_nothing_else(bilals, his, imrans):
    assert ids(bilals.get(LIST)) == [his.pk]
    assert bilals.get(f"{LIST}/{imrans.pk}").status_code == 404
    assert bilals.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 404


def test_an_agent_works_what_was_given_to_him(bilals, his, later):
    body = {"eta": later.isoformat()}
    assert bilals.post(f"{LIST}/{his.pk}/delay", body, format="json").status_code == 200
    assert bilals.post(f"{LIST}/{his.pk}/mark-delivered").json()["status"] == "delivered"


def test_an_agent_does_not_choose_the_agent(bilals, his):
    assert bilals.patch(f"{LIST}/{his.pk}", {"agent": None}, format="json").status_code == 403


def test_an_agent_who_is_a_customer_too_sees_his_own_and_may_not_mark_it(bilals, bilal, his, imrans):
    Customer.objects.filter(pk=imrans.order.customer_id).update(user=bilal.user)
    assert ids(bilals.get(LIST)) == [imrans.pk, his.pk]
    assert bilals.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 403


def test_staff_without_a_permission_see_and_work_what_was_given_to_them(bilals, bilal, his, imrans):
    User.objects.filter(pk=bilal.user_id).update(is_staff=True)
    bilals.force_authenticate(User.objects.get(pk=bilal.user_id))
    assert ids(bilals.get(LIST)) == [his.pk]
    assert bilals.post(f"{LIST}/{his.pk}/mark-delivered").status_code == 200
    assert bilals.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 404


def test_a_customer_sees_their_own_and_may_not_work_it(ashas, delivery, imrans, later):
    assert ids(ashas.get(LIST)) == [delivery.pk]
    assert ashas.post(f"{LIST}/{delivery.pk}/mark-delivered").status_code == 403
    assert ashas.post(f"{LIST}/{delivery.pk}/delay", {"eta": later}, format="json").status_code == 403
    assert ashas.get(f"{LIST}/{imrans.pk}").status_code == 404
    assert ashas.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 404


def test_who_has_not_signed_in_sees_nothing(delivery):
    """Asha has no user, and neither has the stranger."""
    assert APIClient().get(LIST).status_code == 401
    assert APIClient().get(f"{LIST}/{delivery.pk}").status_code == 401
    assert APIClient().post(f"{LIST}/{delivery.pk}/mark-delivered").status_code == 401


@pytest.mark.parametrize(("permission", "status"), [("change_delivery", 200), ("add_delivery", 403)])
def test_staff_need_the_permission_to_change(delivery, permission, status):
    dev = User.objects.create_user("dev", is_staff=True)
    for name in (permission, "view_delivery"):
        dev.user_permissions.add(Permission.objects.get(codename=name))
    answer = signed_in(dev).patch(f"{LIST}/{delivery.pk}", {"agent": None}, format="json")
    assert answer.status_code == status

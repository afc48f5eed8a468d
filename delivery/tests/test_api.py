"""Deliveries as they are read by API."""

from datetime import timedelta

import pytest

from delivery import actions as deliveries
from delivery.models import Agent
from delivery.tests.conftest import LIST, ids, refused
from orders import actions
from orders.models import Customer

pytestmark = pytest.mark.django_db


def test_a_delivery_says_what_an_agent_needs_at_the_door(api, his, milk, bilal):
    his.order.customer.address = "12, 4th Cross"
    his.order.customer.save()
    assert api.get(f"{LIST}/{his.pk}").json() == {
        "id": his.pk,
        "order": his.order_id,
        "number": his.order.number,
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
        "not_delivered_at": None,
        "reason": "",
        "note": "",
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
        "search=%2B91-98765-43217": [imrans.pk],
        "search=43217": [imrans.pk],
        "search=nobody": [],
        "search=": [imrans.pk, his.pk],
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

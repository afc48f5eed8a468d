"""Disputes, by API."""

import pytest

from billing.models import Dispute
from billing.tests.conftest import delivered, ids, over_bills, post, refused

pytestmark = pytest.mark.django_db
DISPUTES = "/api/billing/disputes"


@pytest.fixture
def brought(asha, milk):
    order = delivered(asha, 65)
    order.items.create(product=milk, quantity=2)
    return order


@pytest.fixture
def dispute(asha, brought):
    return Dispute.objects.create(customer=asha, order=brought, what="damaged")


def test_a_customer_says_what_is_wrong_with_their_own_order(as_asha, asha, brought):
    answer = post(as_asha, DISPUTES, {"order": brought.pk, "what": "damaged", "words": "Broken"})

    assert answer.status_code == 201
    row = Dispute.objects.get()
    assert (row.customer, row.opened_by) == (asha, asha.user)
    assert answer.json() | {"opened_at": None} == {
        "id": row.pk,
        "customer": asha.pk,
        "order": brought.pk,
        "bill": None,
        "what": "damaged",
        "words": "Broken",
        "status": "open",
        "outcome": "",
        "reason": "",
        "adjustment": None,
        "redelivery": None,
        "opened_at": None,
        "settled_at": None,
    }


def test_with_their_own_bill_too(as_asha, bill):
    assert post(as_asha, DISPUTES, {"bill": bill.pk, "what": "wrong_amount"}).status_code == 201


def test_what_is_anothers_or_nobodys_is_not_there(as_asha, imrans_bill, imran):
    others = delivered(imran, 10)
    for about in (
        {"bill": imrans_bill.pk},
        {"order": others.pk},
        {"order": float(others.pk)},  # 77.0 is 77
        {"order": 999999},
        {"bill": 999999},
    ):
        assert post(as_asha, DISPUTES, about | {"what": "damaged"}).status_code == 404
    assert not Dispute.objects.exists()


def test_a_customer_sees_their_own(as_asha, dispute, imrans_bill):
    other = Dispute.objects.create(customer=imrans_bill.customer, bill=imrans_bill, what="wrong_amount")

    assert ids(as_asha.get(DISPUTES)) == [dispute.pk]
    assert as_asha.get(f"{DISPUTES}/{other.pk}").status_code == 404


def test_a_second_one_about_the_same_is_refused(api, dispute):
    answer = post(api, DISPUTES, {"order": dispute.order_id, "what": "wrong_item"})

    assert refused(answer) == (409, ["order"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"order": None}, "order"),
        ({"what": "bad"}, "what"),
        ({"order": 0}, "order"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_what_makes_no_sense_is_refused_naming_the_field(api, brought, body, field):
    answer = post(api, DISPUTES, {"order": brought.pk, "what": "damaged"} | body)

    assert refused(answer) == (400, [field])


def test_staff_credit_it(api, asha, dispute):
    answer = post(api, f"{DISPUTES}/{dispute.pk}/settle", {"amount": "30.00", "reason": "Broken"})

    said = answer.json()
    assert (answer.status_code, said["status"], said["outcome"]) == (200, "settled", "adjustment")
    assert (said["adjustment"], said["reason"]) == ("-30.00", "Broken")
    assert over_bills(asha) == 35


def test_staff_have_it_brought_again(api, dispute, tomorrow):
    said = post(api, f"{DISPUTES}/{dispute.pk}/settle", {"delivery_date": tomorrow.isoformat()}).json()

    assert (said["outcome"], said["adjustment"]) == ("redelivery", "-65.00")
    assert api.get(f"/api/orders/{said['redelivery']}").json()["total"] == "65.00"


def test_staff_refuse_it_with_a_reason(api, dispute):
    assert refused(post(api, f"{DISPUTES}/{dispute.pk}/refuse", {})) == (400, ["reason"])
    said = post(api, f"{DISPUTES}/{dispute.pk}/refuse", {"reason": "It was there"}).json()

    assert (said["status"], said["reason"]) == ("refused", "It was there")


def test_settled_is_settled(api, dispute):
    post(api, f"{DISPUTES}/{dispute.pk}/refuse", {"reason": "It was there"})
    answer = post(api, f"{DISPUTES}/{dispute.pk}/settle", {"amount": "30.00", "reason": "Broken"})

    assert refused(answer) == (409, ["status"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "amount"),
        ({"amount": "5", "delivery_date": "2999-01-01", "reason": "x"}, "amount"),
        ({"amount": "5"}, "reason"),
        ({"amount": "65.01", "reason": "x"}, "amount"),
        ({"amount": "0", "reason": "x"}, "amount"),
        ({"delivery_date": "2020-01-01"}, "delivery_date"),
        ({"delivery_date": "soon"}, "delivery_date"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused_naming_the_field(api, dispute, body, field):
    assert refused(post(api, f"{DISPUTES}/{dispute.pk}/settle", body)) == (400, [field])
    dispute.refresh_from_db()
    assert dispute.status == "open"


def test_disputes_are_found_by_what_they_are(api, dispute, bill):
    other = Dispute.objects.create(customer=bill.customer, bill=bill, what="wrong_amount")
    for query, found in {
        "": [other.pk, dispute.pk],
        f"order={dispute.order_id}": [dispute.pk],
        f"bill={bill.pk}": [other.pk],
        "what=damaged": [dispute.pk],
        "status=refused": [],
        f"customer={bill.customer_id}": [other.pk, dispute.pk],
    }.items():
        assert ids(api.get(f"{DISPUTES}?{query}")) == found, query


def test_a_page_of_many_asks_one_question(api, dispute, bill, django_assert_num_queries):
    Dispute.objects.create(customer=bill.customer, bill=bill, what="wrong_amount")
    with django_assert_num_queries(1):
        api.get(DISPUTES)

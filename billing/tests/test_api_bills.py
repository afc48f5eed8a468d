"""What customers owe, by API."""

import pytest

from billing.models import Bill, Payment
from billing.tests.conftest import BILLS, ids, post, refused

pytestmark = pytest.mark.django_db


def test_a_bill_is_made(api, billed):
    answer = post(api, BILLS, billed)
    assert answer.status_code == 201
    assert answer.json() | {"created_at": None} == billed | {
        "id": Bill.objects.get().pk,
        "number": "BILL-202611-0001",
        "previous_balance": "0.00",
        "charges": "0.00",
        "adjustments": "1234.50",
        "paid": "0.00",
        "refunded": "0.00",
        "carried_to": None,
        "upi_link": "",
        "outstanding": "1234.50",
        "status": "open",
        "created_at": None,
    }


def test_a_bill_says_what_was_paid_of_it(api, bill, asha):
    for amount in ("100.25", "50"):
        Payment.objects.create(customer=asha, amount=amount, method="cash", bill=bill)
    row = api.get(f"{BILLS}/{bill.pk}").json()
    assert (row["paid"], row["outstanding"], row["status"]) == ("150.25", "299.75", "partially_paid")


def test_a_bill_paid_too_much_owes_nothing(api, bill, asha):
    Payment.objects.create(customer=asha, amount="9999999999.99", method="cash", bill=bill)
    row = api.get(f"{BILLS}/{bill.pk}").json()
    assert (row["paid"], row["outstanding"], row["status"]) == ("9999999999.99", "0.00", "paid")


def test_a_bill_that_was_due_is_overdue_at_once(api, billed):
    assert post(api, BILLS, billed | {"due_date": "2020-01-01"}).json()["status"] == "overdue"


@pytest.mark.parametrize("due", ["2026-02-30", "soon", None, 5, "\ud800"])
def test_a_bill_due_on_no_day_is_refused(api, billed, due):
    assert refused(post(api, BILLS, billed | {"due_date": due})) == (400, ["due_date"])


def test_a_second_bill_for_the_month_is_refused_naming_it(api, bill, billed):
    answer = post(api, BILLS, billed)
    assert refused(answer) == (400, ["month"])
    assert "has a bill for this month already" in answer.json()["errors"][0]["detail"]


def test_bills_are_found_by_what_they_are(api, bill, imrans_bill):
    for query, found in {
        "": [imrans_bill.pk, bill.pk],
        f"customer={bill.customer_id}": [bill.pk],
        "customer=999999": [],
        "status=open": [imrans_bill.pk, bill.pk],
        "status=paid": [],
        "month=2026-11": [bill.pk],
        "month=2026-10-17": [imrans_bill.pk],
        "due_from=2027-01-01": [bill.pk],
        "due_until=2026-11-05": [imrans_bill.pk],
        "ordering=-due_date": [bill.pk, imrans_bill.pk],
        "month=": [imrans_bill.pk, bill.pk],
    }.items():
        assert ids(api.get(f"{BILLS}?{query}")) == found, query


@pytest.mark.parametrize("query", ["customer=x", "status=lost", "month=13", "month=%00", "due_from=5"])
def test_a_filter_of_bills_that_makes_no_sense_is_refused_naming_it(api, query):
    assert refused(api.get(f"{BILLS}?{query}")) == (400, [query.split("=")[0]])

"""What customers paid, by API."""

import pytest

from billing.models import Payment
from billing.tests.conftest import BILLS, PAYMENTS, ids, post, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("amount", ["0", "0.00", 0, "0.001"])
def test_a_payment_of_nothing_is_refused(api, paid, amount):
    assert refused(post(api, PAYMENTS, paid | {"amount": amount})) == (400, ["amount"])


@pytest.mark.parametrize(("amount", "kept"), [("450", "450.00"), (450, "450.00"), (3 * 0.19, "0.57")])
def test_an_amount_may_be_a_number(api, paid, amount, kept):
    assert post(api, PAYMENTS, paid | {"amount": amount}).json()["amount"] == kept


def test_a_payment_is_recorded_closes_its_bill_and_is_thanked_for(api, bill, paid, texts_of):
    answer = post(api, PAYMENTS, paid)
    assert answer.status_code == 201
    assert answer.json() | {"paid_at": None} == paid | {
        "id": Payment.objects.get().pk,
        "transaction_id": "",
        "bill": bill.pk,
        "paid_at": None,
    }
    assert api.get(f"{BILLS}/{bill.pk}").json()["status"] == "paid"
    assert texts_of("payment_confirmation") == ["✓ Payment received! ₹450"]


def test_a_payment_for_a_bill_is_for_its_month(api, bill, paid):
    del paid["month"]
    assert post(api, PAYMENTS, paid | {"bill": bill.pk}).json()["month"] == "2026-11"


def test_a_payment_may_be_without_a_bill(api, paid):
    assert post(api, PAYMENTS, paid | {"bill": None}).json()["bill"] is None


def test_another_customers_bill_is_refused_naming_it(api, paid, imrans_bill):
    assert refused(post(api, PAYMENTS, paid | {"bill": imrans_bill.pk})) == (400, ["bill"])
    assert not Payment.objects.exists()


@pytest.mark.parametrize("month", ["2026-12", "2026-10-31"])
def test_a_month_that_is_not_the_bills_is_refused_naming_it(api, bill, paid, month):
    answer = post(api, PAYMENTS, paid | {"bill": bill.pk, "month": month})
    assert refused(answer) == (400, ["month"])
    assert "2026-11" in answer.json()["errors"][0]["detail"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize("month", ["2026-11", "2026-11-30"])
def test_the_bills_own_month_is_taken(api, bill, paid, month):
    assert post(api, PAYMENTS, paid | {"bill": bill.pk, "month": month}).json()["bill"] == bill.pk


def test_a_transaction_id_used_before_is_refused_naming_it(api, paid):
    assert post(api, PAYMENTS, paid | {"transaction_id": "UPI-1"}).status_code == 201
    answer = post(api, PAYMENTS, paid | {"transaction_id": " UPI-1 "})
    assert refused(answer) == (400, ["transaction_id"])
    assert "recorded already" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("transaction", ["x" * 101, None, True, [], "\u0000", "\ud800"])
def test_a_transaction_id_that_is_none_is_refused(api, paid, transaction):
    body = paid | {"transaction_id": transaction}
    assert refused(post(api, PAYMENTS, body)) == (400, ["transaction_id"])


@pytest.mark.parametrize("method", ["barter", "", None, 1, "\ud800"])
def test_a_method_that_is_none_is_refused(api, paid, method):
    assert refused(post(api, PAYMENTS, paid | {"method": method})) == (400, ["method"])


def test_the_same_key_is_one_payment_and_another_body_is_refused(api, paid, texts_of):
    key = {"Idempotency-Key": "till-1"}
    first, second = (post(api, PAYMENTS, paid, **key) for _ in range(2))
    assert (second.status_code, second.json()) == (201, first.json())
    assert post(api, PAYMENTS, paid | {"amount": "1"}, **key).status_code == 422
    assert Payment.objects.count() == len(texts_of("payment_confirmation")) == 1


def test_payments_are_found_by_what_they_are(api, bill, asha, imran):
    at = "2026-11-30T23:59:59.999999+05:30"
    first = Payment.objects.create(customer=asha, amount=1, method="upi", bill=bill, paid_at=at).pk
    second = Payment.objects.create(customer=imran, amount=1, method="cash", month="2026-10").pk
    Payment.objects.filter(pk=second).update(paid_at="2026-12-01T00:00:00+05:30")
    for query, found in {
        "": [second, first],
        f"customer={imran.pk}": [second],
        f"bill={bill.pk}": [first],
        "method=upi": [first],
        "month=2026-10": [second],
        "paid_from=2026-12-01": [second],
        "paid_until=2026-11-30": [first],
        "paid_from=2026-11-30&paid_until=2026-12-01": [second, first],
        "paid_from=0001-01-01&paid_until=9999-12-31": [second, first],
        "paid_until=0001-01-01": [],
        "paid_from=9999-12-31": [],
        "ordering=paid_at": [first, second],
    }.items():
        assert ids(api.get(f"{PAYMENTS}?{query}")) == found, query


@pytest.mark.parametrize("query", ["bill=1e99", "method=barter", "month=2026", "paid_until=now"])
def test_a_filter_of_payments_that_makes_no_sense_is_refused_naming_it(api, query):
    assert refused(api.get(f"{PAYMENTS}?{query}")) == (400, [query.split("=")[0]])

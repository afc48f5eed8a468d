import json
from datetime import date

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from billing.models import Bill, Payment
from orders.models import Customer

pytestmark = pytest.mark.django_db
BILLS, PAYMENTS = "/api/billing/bills", "/api/billing/payments"


def signed_in(user):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(chitra):
    return signed_in(chitra)


@pytest.fixture
def ashas(asha):
    asha.user = User.objects.create_user("asha")
    asha.save()
    return signed_in(asha.user)


@pytest.fixture
def imran(db):
    return Customer.objects.create(name="Imran", phone="98765 43217")


@pytest.fixture
def imrans_bill(imran):
    return Bill.objects.create(
        customer=imran, month=date(2026, 10, 1), amount="99.50", due_date=date(2026, 11, 5)
    )


@pytest.fixture
def paid(asha):
    return {"customer": asha.pk, "amount": "450.00", "method": "upi", "month": "2026-11"}


@pytest.fixture
def billed(asha):
    return {"customer": asha.pk, "month": "2026-11", "amount": "1234.50", "due_date": "2999-12-05"}


def post(client, path, body, **headers):
    """As JSON that also holds what is no text: half a character."""
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def refused(answer):
    return answer.status_code, [error["attr"] for error in answer.json()["errors"]]


def test_a_bill_is_made(api, billed):
    answer = post(api, BILLS, billed)
    assert answer.status_code == 201
    assert answer.json() | {"created_at": None} == billed | {
        "id": Bill.objects.get().pk,
        "paid": "0.00",
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


@pytest.mark.parametrize("month", ["2026-11", "2026-11-01", "2026-11-30"])
def test_a_month_is_taken_as_such_or_as_any_day_of_it(api, billed, paid, month):
    for path, body in ((BILLS, billed), (PAYMENTS, paid)):
        answer = post(api, path, body | {"month": month})
        assert (answer.status_code, answer.json()["month"]) == (201, "2026-11")


NO_MONTH = ["", "November", "2026", "2026-13", "2026-00", "26-11", "1999-11", "2026-11-32", "2026-11\n"]
NOTHING = [None, True, 202611, [], {}, "\u0000", "\ud800"]


@pytest.mark.parametrize("month", [*NO_MONTH, *NOTHING])
def test_what_is_no_month_is_refused(api, billed, paid, month):
    assert refused(post(api, BILLS, billed | {"month": month})) == (400, ["month"])
    assert refused(post(api, PAYMENTS, paid | {"month": month})) == (400, ["month"])


NO_AMOUNT = ["-1", "NaN", "Infinity", "1e3", "+5", "५", "10000000000", "1.234", "", "9" * 2000, -1, 10**30]


@pytest.mark.parametrize("amount", [*NO_AMOUNT, 1e30, 0.125, *(x for x in NOTHING if x != 202611)])
def test_what_is_no_amount_is_refused(api, billed, paid, amount):
    assert refused(post(api, BILLS, billed | {"amount": amount})) == (400, ["amount"])
    assert refused(post(api, PAYMENTS, paid | {"amount": amount})) == (400, ["amount"])


@pytest.mark.parametrize("amount", ["0", "0.00", 0, "0.001"])
def test_a_payment_of_nothing_is_refused(api, paid, amount):
    assert refused(post(api, PAYMENTS, paid | {"amount": amount})) == (400, ["amount"])


@pytest.mark.parametrize(("amount", "kept"), [("450", "450.00"), (450, "450.00"), (3 * 0.19, "0.57")])
def test_an_amount_may_be_a_number(api, paid, amount, kept):
    assert post(api, PAYMENTS, paid | {"amount": amount}).json()["amount"] == kept


@pytest.mark.parametrize("customer", [0, -1, "x", None, True, 1.5, [], {}, 10**30, "\u0000", "\ud800"])
def test_a_customer_that_is_none_is_refused(api, billed, paid, customer):
    assert refused(post(api, BILLS, billed | {"customer": customer})) == (400, ["customer"])
    assert refused(post(api, PAYMENTS, paid | {"customer": customer})) == (400, ["customer"])


@pytest.mark.parametrize("due", ["2026-02-30", "soon", None, 5, "\ud800"])
def test_a_bill_due_on_no_day_is_refused(api, billed, due):
    assert refused(post(api, BILLS, billed | {"due_date": due})) == (400, ["due_date"])


def test_a_second_bill_for_the_month_is_refused_naming_it(api, bill, billed):
    answer = post(api, BILLS, billed)
    assert refused(answer) == (400, ["month"])
    assert "has a bill for this month already" in answer.json()["errors"][0]["detail"]


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


@pytest.mark.parametrize("query", ["customer=x", "status=lost", "month=13", "month=%00", "due_from=5"])
def test_a_filter_of_bills_that_makes_no_sense_is_refused_naming_it(api, query):
    assert refused(api.get(f"{BILLS}?{query}")) == (400, [query.split("=")[0]])


@pytest.mark.parametrize("query", ["bill=1e99", "method=barter", "month=2026", "paid_until=now"])
def test_a_filter_of_payments_that_makes_no_sense_is_refused_naming_it(api, query):
    assert refused(api.get(f"{PAYMENTS}?{query}")) == (400, [query.split("=")[0]])


def test_a_page_of_many_asks_as_few_questions_as_a_page_of_one(
    api, bill, imran, asha, django_assert_num_queries
):
    Payment.objects.create(customer=asha, amount=1, method="upi", bill=bill)
    for month in range(1, 6):
        later = Bill.objects.create(
            customer=imran, month=date(2026, month, 1), amount=10, due_date=date(2026, 12, 1)
        )
        Payment.objects.create(customer=imran, amount=1, method="upi", bill=later)
    for path in (BILLS, PAYMENTS):
        for limit in (1, 50):
            with django_assert_num_queries(1):
                api.get(f"{path}?limit={limit}")


def test_a_customer_reads_their_own_and_nothing_else(ashas, bill, asha, imran, imrans_bill):
    mine = Payment.objects.create(customer=asha, amount=1, method="upi")
    other = Payment.objects.create(customer=imran, amount=1, method="upi")
    assert ids(ashas.get(BILLS)) == [bill.pk]
    assert ids(ashas.get(PAYMENTS)) == [mine.pk]
    assert ashas.get(f"{BILLS}/{bill.pk}").status_code == 200
    assert ashas.get(f"{PAYMENTS}/{mine.pk}").status_code == 200
    assert ashas.get(f"{BILLS}/{imrans_bill.pk}").status_code == 404
    assert ashas.get(f"{PAYMENTS}/{other.pk}").status_code == 404


def test_a_customer_writes_nothing(ashas, billed, paid):
    assert post(ashas, BILLS, billed).status_code == 403
    assert post(ashas, PAYMENTS, paid).status_code == 403


def test_who_has_not_signed_in_sees_nothing(bill, paid):
    """Asha has no user, and neither has the stranger."""
    stranger = APIClient()
    for path in (BILLS, f"{BILLS}/{bill.pk}", PAYMENTS):
        assert stranger.get(path).status_code == 401
    assert post(stranger, PAYMENTS, paid).status_code == 401

"""What bills and payments have in common: months, rupees, and who may."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from billing.models import Bill, Payment
from billing.tests.conftest import BILLS, NOTHING, PAYMENTS, ids, post, refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("month", ["2026-11", "2026-11-01", "2026-11-30"])
def test_a_month_is_taken_as_such_or_as_any_day_of_it(api, billed, paid, month):
    for path, body in ((BILLS, billed), (PAYMENTS, paid)):
        answer = post(api, path, body | {"month": month})
        assert (answer.status_code, answer.json()["month"]) == (201, "2026-11")


NO_MONTH = ["", "November", "2026", "2026-13", "2026-00", "26-11", "1999-11", "2026-11-32", "2026-11\n"]


@pytest.mark.parametrize("month", [*NO_MONTH, 202611, *NOTHING])
def test_what_is_no_month_is_refused(api, billed, paid, month):
    assert refused(post(api, BILLS, billed | {"month": month})) == (400, ["month"])
    assert refused(post(api, PAYMENTS, paid | {"month": month})) == (400, ["month"])


NO_AMOUNT = ["-1", "NaN", "Infinity", "1e3", "+5", "५", "10000000000", "1.234", "", "9" * 2000, -1, 10**30]


@pytest.mark.parametrize("amount", [*NO_AMOUNT, 1e30, 0.125, *NOTHING])
def test_what_is_no_amount_is_refused(api, billed, paid, amount):
    assert refused(post(api, BILLS, billed | {"amount": amount})) == (400, ["amount"])
    assert refused(post(api, PAYMENTS, paid | {"amount": amount})) == (400, ["amount"])


@pytest.mark.parametrize("customer", [0, -1, "x", None, True, 1.5, [], {}, 10**30, "\u0000", "\ud800"])
def test_a_customer_that_is_none_is_refused(api, billed, paid, customer):
    assert refused(post(api, BILLS, billed | {"customer": customer})) == (400, ["customer"])
    assert refused(post(api, PAYMENTS, paid | {"customer": customer})) == (400, ["customer"])


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


def test_a_customer_reads_their_own_and_nothing_else(as_asha, bill, asha, imran, imrans_bill):
    mine = Payment.objects.create(customer=asha, amount=1, method="upi")
    other = Payment.objects.create(customer=imran, amount=1, method="upi")
    assert ids(as_asha.get(BILLS)) == [bill.pk]
    assert ids(as_asha.get(PAYMENTS)) == [mine.pk]
    assert as_asha.get(f"{BILLS}/{bill.pk}").status_code == 200
    assert as_asha.get(f"{PAYMENTS}/{mine.pk}").status_code == 200
    assert as_asha.get(f"{BILLS}/{imrans_bill.pk}").status_code == 404
    assert as_asha.get(f"{PAYMENTS}/{other.pk}").status_code == 404


def test_a_customer_writes_nothing(as_asha, billed, paid):
    assert post(as_asha, BILLS, billed).status_code == 403
    assert post(as_asha, PAYMENTS, paid).status_code == 403


def test_who_has_not_signed_in_sees_nothing(bill, paid):
    """Asha has no user, and neither has the stranger."""
    stranger = APIClient()
    for path in (BILLS, f"{BILLS}/{bill.pk}", PAYMENTS):
        assert stranger.get(path).status_code == 401
    assert post(stranger, PAYMENTS, paid).status_code == 401

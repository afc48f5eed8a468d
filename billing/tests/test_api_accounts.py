"""What a customer owes in all, by API."""

import pytest

from billing import account
from billing.models import Adjustment, Payment, Refund
from billing.tests.conftest import delivered, ids, run_bills

pytestmark = pytest.mark.django_db
ACCOUNTS = "/api/billing/accounts"


@pytest.fixture
def moved(asha, bill):
    """Asha, with one of everything that moves a balance."""
    delivered(asha, "123456.50")
    Adjustment.objects.create(customer=asha, amount="-50.25", reason="Sour milk")
    Payment.objects.create(customer=asha, amount=100, method="upi")
    Refund.objects.create(customer=asha, amount=20, method="cash", reason="Too much")
    return asha


def test_a_customer_sees_what_they_owe(as_asha, moved, imran):
    answer = as_asha.get(f"{ACCOUNTS}/{moved.pk}")

    assert answer.json() == {"id": moved.pk, "name": "Asha", "balance": "123776.25"}
    assert answer.json()["balance"] == str(account.balance(moved.pk))
    assert ids(as_asha.get(ACCOUNTS)) == [moved.pk]
    assert as_asha.get(f"{ACCOUNTS}/{imran.pk}").status_code == 404
    assert ids(as_asha.get(ACCOUNTS, {"customer": imran.pk})) == []


def test_credit_is_less_than_nothing(api, asha):
    Payment.objects.create(customer=asha, amount=100, method="upi")
    assert api.get(f"{ACCOUNTS}/{asha.pk}").json()["balance"] == "-100.00"


def test_staff_ask_for_one_or_find_one(api, moved, imran):
    assert ids(api.get(ACCOUNTS)) == [imran.pk, moved.pk]
    assert ids(api.get(ACCOUNTS, {"customer": moved.pk})) == ids(api.get(ACCOUNTS, {"search": "asha"}))


def test_an_account_is_only_looked_at(api, moved):
    for ask in (api.post, api.patch, api.delete):
        assert ask(f"{ACCOUNTS}/{moved.pk}", {"balance": "0"}, format="json").status_code == 405


def test_making_the_bills_changes_no_balance(api, moved):
    before = api.get(f"{ACCOUNTS}/{moved.pk}").json()
    run_bills("2026-12")
    assert api.get(f"{ACCOUNTS}/{moved.pk}").json() == before


def test_a_page_of_accounts_asks_as_few_questions_as_one(api, asha, imran, django_assert_max_num_queries):
    delivered(imran, 5)
    with django_assert_max_num_queries(6):
        api.get(ACCOUNTS)

"""Money given back, and never more than was paid."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from billing import account
from billing.models import Bill, Payment, Refund
from billing.tests.conftest import over_bills, post, refused, run_bills
from orders.tests.conftest import at_once

pytestmark = pytest.mark.django_db
REFUNDS = "/api/billing/refunds"


@pytest.fixture
def payment(asha, bill):
    return Payment.objects.create(customer=asha, amount="500", method="upi", bill=bill)


@pytest.fixture
def give_back(asha):
    def give_back(amount, **fields):
        return Refund.objects.create(customer=asha, amount=amount, method="upi", reason="Too much", **fields)

    return give_back


def test_credit_given_back_leaves_the_bill_paid(asha, bill, payment, give_back):
    give_back(50, payment=payment)

    bill.refresh_from_db()
    assert (bill.status, bill.standing) == ("paid", 0)
    assert account.balance(asha.pk) == 0 == over_bills(asha)


def test_more_than_the_credit_opens_the_bill_again(asha, bill, payment, give_back):
    give_back(150, payment=payment)

    bill.refresh_from_db()
    assert (bill.status, bill.outstanding) == ("partially_paid", 100)


def test_not_more_of_a_payment_is_given_back_than_it_was(asha, payment, give_back):
    Payment.objects.create(customer=asha, amount=1000, method="cash")
    give_back(400, payment=payment)
    with pytest.raises(ValidationError, match="₹100 was paid and not given back"):
        give_back("100.01", payment=payment)


def test_not_more_is_given_back_than_was_paid_in_all(payment, give_back):
    give_back(300)
    with pytest.raises(ValidationError, match="₹200 was paid"):
        give_back(201)


def test_another_customers_payment_is_refused(imran, payment):
    Payment.objects.create(customer=imran, amount=1000, method="cash")
    with pytest.raises(ValidationError, match="another customer's"):
        Refund.objects.create(customer=imran, amount=5, method="upi", payment=payment, reason="Twice")


def test_credit_that_is_on_no_bill_goes_first(asha, bill, give_back):
    Payment.objects.create(customer=asha, amount=100, method="upi", month="2026-12")

    assert give_back(100).bill is None
    assert bill.outstanding == 450


def test_a_refund_of_a_payment_for_a_carried_bill_is_on_the_one_that_carries_it(
    asha, bill, payment, give_back
):
    Bill.objects.create(customer=asha, month="2026-10", amount=5, due_date="2999-11-01")
    run_bills("2026-12")

    newest = Bill.objects.get(month="2026-12-01")
    assert give_back(20, payment=payment).bill == newest
    assert over_bills(asha) == account.balance(asha.pk) == -25


def test_a_refund_is_recorded_by_api(api, asha, payment):
    body = {
        "customer": asha.pk,
        "amount": "50.00",
        "method": "upi",
        "payment": payment.pk,
        "reason": "Too much",
    }
    answer = post(api, REFUNDS, body)

    assert answer.status_code == 201
    row = Refund.objects.get()
    assert answer.json() | {"refunded_at": None} == body | {
        "id": row.pk,
        "transaction_id": "",
        "bill": payment.bill_id,
        "refunded_at": None,
    }
    assert row.by.username == "chitra"


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "501"), ("amount", "0"), ("method", "barter"), ("reason", ""), ("payment", 0)],
)
def test_a_refund_that_cannot_be_is_refused_naming_the_field(api, asha, payment, field, value):
    body = {
        "customer": asha.pk,
        "amount": "50.00",
        "method": "upi",
        "payment": payment.pk,
        "reason": "Too much",
    }

    assert refused(post(api, REFUNDS, body | {field: value})) == (400, [field])


def test_a_refund_is_recorded_at_the_desk(desk, asha, payment):
    page = desk.get(f"/admin/billing/payment/{payment.pk}/change/").content.decode()
    assert f"/admin/billing/refund/add/?payment={payment.pk}" in page
    form = {"customer": asha.pk, "payment": payment.pk, "amount": "50", "method": "upi", "reason": "Too much"}
    assert desk.post("/admin/billing/refund/add/", form).status_code == 302

    assert (Refund.objects.get().by.username, Refund.objects.get().amount) == ("chitra", Decimal(50))


def test_too_much_is_refused_in_the_form(desk, asha, payment):
    form = {
        "customer": asha.pk,
        "payment": payment.pk,
        "amount": "501",
        "method": "upi",
        "reason": "Too much",
    }

    assert "₹500 was paid" in desk.post("/admin/billing/refund/add/", form).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_give_the_same_back_at_once_at_the_desk_do_it_once(asha, chitra, payment):
    form = {"customer": asha.pk, "payment": payment.pk, "amount": "500", "method": "cash", "reason": "Twice"}

    def ask():
        desk = Client()
        desk.force_login(chitra)
        return desk.post("/admin/billing/refund/add/", form).status_code

    assert sorted(at_once(ask, 2)) == [200, 302]
    assert Refund.objects.count() == 1

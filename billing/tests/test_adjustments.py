"""Putting money right."""

import pytest
from django.db import IntegrityError

from billing.models import Adjustment, Bill
from billing.tests.conftest import delivered

pytestmark = pytest.mark.django_db


def test_credit_lessens_the_bill_that_is_open(asha, bill):
    credit = Adjustment.objects.create(customer=asha, amount=-50, reason="Sour milk")

    assert (credit.bill, bill.outstanding) == (bill, 400)


def test_a_charge_waits_for_the_next_bill(asha, bill):
    """The customer was told what this one comes to."""
    assert Adjustment.objects.create(customer=asha, amount=50, reason="A crate").bill is None
    assert bill.outstanding == 450


def test_credit_without_an_open_bill_waits_too(asha):
    assert Adjustment.objects.create(customer=asha, amount=-50, reason="Sour milk").bill is None


def test_nothing_is_no_adjustment(asha):
    with pytest.raises(IntegrityError, match="adjustment_not_nothing"):
        Adjustment.objects.create(customer=asha, amount=0, reason="Nothing")


def test_it_is_recorded_at_the_desk_by_whoever_did_it(desk, asha, bill):
    form = {"customer": asha.pk, "amount": "-50", "reason": "Sour milk", "order": ""}
    assert desk.post("/admin/billing/adjustment/add/", form).status_code == 302

    row = Adjustment.objects.get(amount=-50)
    assert (row.by.username, row.bill) == ("chitra", bill)


def test_it_is_not_edited_afterwards(desk, asha, bill):
    row = Adjustment.objects.create(customer=asha, amount=-50, reason="Sour milk")
    desk.post(f"/admin/billing/adjustment/{row.pk}/change/", {"amount": "-400", "reason": "x"})

    row.refresh_from_db()
    assert row.amount == -50


def test_a_bill_made_by_hand_charges_its_amount_by_one(bill):
    row = bill.adjusted_by.get()

    assert (row.amount, row.reason, bill.status) == (450, "Bill made by hand", "open")


def test_a_bill_of_nothing_needs_none(asha):
    nothing = Bill.objects.create(customer=asha, month="2026-11", amount=0, due_date="2026-12-05")

    assert not nothing.adjusted_by.exists()


def test_the_database_keeps_a_bill_to_what_is_on_it(bill):
    with pytest.raises(IntegrityError, match="bill_amount_adds_up"):
        Bill.objects.update(amount=1)


def test_another_customers_order_is_refused_in_the_form(desk, asha, imran):
    form = {"customer": asha.pk, "amount": "-50", "reason": "Sour", "order": delivered(imran, 65).pk}
    assert "another customer" in desk.post("/admin/billing/adjustment/add/", form).content.decode()
    assert not Adjustment.objects.exists()

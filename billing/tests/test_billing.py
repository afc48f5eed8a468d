from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from billing import actions, messages
from billing.models import Bill, Payment
from notifications.models import Message
from orders.models import Customer

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def pay(asha):
    """Asha pays in cash, unless told otherwise."""

    def pay(amount="450.00", **fields):
        return Payment.objects.create(**{"customer": asha, "amount": amount, "method": "cash"} | fields)

    return pay


def status_of(bill):
    bill.refresh_from_db()
    return bill.status


def test_a_payment_closes_the_bill_it_pays(bill, pay):
    pay(bill=bill)
    assert status_of(bill) == "paid"


def test_a_part_of_it_pays_a_part(bill, pay):
    pay("200", bill=bill)
    assert (status_of(bill), bill.outstanding) == ("partially_paid", Decimal("250.00"))
    pay("250", bill=bill)
    assert status_of(bill) == "paid"


def test_too_much_pays_it_too(bill, pay):
    pay("500", bill=bill)
    assert (status_of(bill), bill.outstanding) == ("paid", 0)


def test_a_payment_without_a_bill_pays_that_months_bill(bill, pay):
    assert pay(month=date(2026, 11, 20)).bill == bill
    assert status_of(bill) == "paid"


def test_a_payment_for_a_bill_is_for_its_month(bill, pay):
    assert pay(bill=bill).month == NOVEMBER


def test_a_payment_for_nothing_named_is_for_the_month_it_was_paid_in_india(pay):
    payment = pay(paid_at=datetime.fromisoformat("2026-11-30T19:00+00:00"))
    assert (payment.month, payment.bill) == (date(2026, 12, 1), None)


@pytest.mark.parametrize("given", ["2026-11", "2026-11-17", date(2026, 11, 17)])
def test_a_month_is_kept_as_its_first_day(pay, given):
    assert pay(month=given).month == NOVEMBER


def test_a_moment_that_a_program_writes_as_text_tells_the_month(pay):
    assert pay(paid_at="2026-11-01T00:10:00+05:30").month == NOVEMBER


def test_another_customers_bill_is_refused(bill):
    imran = Customer.objects.create(name="Imran", phone="9876543217")
    with pytest.raises(ValidationError, match="another customer's"):
        Payment(customer=imran, amount=1, method="upi", bill=bill).clean()


def test_an_unpaid_bill_past_its_day_is_overdue(bill):
    Bill.objects.update(due_date=date(2020, 1, 1))
    assert actions.settle(bill).status == "overdue"
    assert actions.settle(bill).status == "overdue"


def test_a_payment_is_thanked_for(pay, texts_of):
    payment = pay("1450.50", method="upi", month=NOVEMBER)
    assert texts_of("payment_confirmation") == ["✓ Payment received! ₹1,450.50"]
    message = Message.objects.get()
    assert message.reference_id == f"payment_{payment.pk}"
    assert message.variables == {
        "customer_name": "Asha",
        "amount": "1450.50",
        "month": "2026-11",
        "payment_method": "UPI",
    }


@pytest.mark.parametrize("amount", [450, "450", Decimal("450.00")])
def test_whole_rupees_read_without_paise(pay, texts_of, amount):
    pay(amount)
    assert texts_of("payment_confirmation") == ["✓ Payment received! ₹450"]


def test_saving_a_payment_twice_thanks_once(pay, texts_of):
    pay().save()
    assert len(texts_of("payment_confirmation")) == 1


def test_the_thanks_are_in_the_customers_language(asha, pay, texts_of):
    asha.language = "mr"
    pay()
    assert texts_of("payment_confirmation") == ["✓ पेमेंट मिळाले! ₹450"]


def test_a_payment_from_a_fixture_is_not_thanked_for(bill, pay, texts_of):
    fixture = serializers.serialize("json", [pay(bill=bill)])
    Payment.objects.all().delete()
    Message.objects.all().delete()
    for row in serializers.deserialize("json", fixture):
        row.save()
    assert texts_of("payment_confirmation") == []


def test_nothing_is_said_where_notifications_are_off_but_the_bill_is_paid(settings, bill, pay):
    settings.EARLYBIRD_NOTIFY = False
    pay(bill=bill)
    assert not Message.objects.exists()
    assert status_of(bill) == "paid"


@pytest.mark.django_db(transaction=True)
def test_a_payment_that_rolls_back_leaves_no_message_and_an_open_bill(bill, pay):
    with transaction.atomic():
        pay(bill=bill)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert status_of(bill) == "open"


@pytest.mark.django_db(transaction=True)
def test_a_payment_whose_message_breaks_is_not_stored(pay, monkeypatch):
    monkeypatch.setattr("billing.messages.payment_received", lambda payment: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pay()
    assert not Payment.objects.exists()


def test_a_reminder_names_what_is_still_to_pay(bill, pay, texts_of):
    pay("200", bill=bill)
    messages.payment_reminder(bill, date(2026, 12, 2))
    assert texts_of("payment_reminder") == ["Payment due: ₹250 for November 2026"]


def test_a_bill_is_reminded_of_once_a_day(bill, texts_of):
    for day in (2, 2, 5):
        messages.payment_reminder(bill, date(2026, 12, day))
    assert len(texts_of("payment_reminder")) == 2


def test_a_paid_bill_is_not_reminded_of_and_its_thanks_stay(bill, pay):
    messages.payment_reminder(bill, date(2026, 12, 2))
    pay(bill=bill)
    statuses = dict(Message.objects.values_list("kind", "status"))
    assert statuses == {"payment_reminder": "cancelled", "payment_confirmation": "queued"}


def test_a_customer_has_one_bill_a_month(bill):
    with pytest.raises(IntegrityError, match="bill_once_a_month"):
        Bill.objects.create(customer=bill.customer, month=date(2026, 11, 30), amount=1, due_date=NOVEMBER)


def test_a_form_refuses_a_second_bill_for_the_month(bill):
    second = Bill(customer=bill.customer, month=date(2026, 11, 30), amount=1, due_date=NOVEMBER)
    with pytest.raises(ValidationError, match="has a bill for this month already"):
        second.full_clean()


def test_a_payment_is_more_than_nothing(pay):
    with pytest.raises(IntegrityError, match="payment_amount_positive"):
        pay("0")


def test_a_transaction_is_recorded_once(pay):
    pay(method="upi", transaction_id="UPI-1")
    pay(method="upi", month=NOVEMBER)
    with pytest.raises(IntegrityError, match="payment_transaction_once"):
        pay(method="upi", transaction_id="UPI-1")


@pytest.mark.parametrize("sql", ["amount = -1", "status = 'lost'", "month = '2026-11-02'"])
def test_the_database_refuses_a_bill_that_makes_no_sense(bill, sql):
    with pytest.raises(IntegrityError, match="bill_"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE billing_bill SET {sql}")

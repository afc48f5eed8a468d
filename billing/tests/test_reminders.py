"""Customers are asked for what is still to pay, on the days that are set, and not when it is paid."""

from datetime import date

import pytest

from billing import daily, reminding
from billing.models import Adjustment, Bill, Payment
from notifications.models import Message
from orders.models import Customer

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 11)


@pytest.fixture
def due(asha, travel):
    """Asha's November, made on 1 December and due on the 11th."""
    travel("2026-12-01T02:00")
    return Bill.objects.create(customer=asha, month="2026-11", amount="1450.50", due_date=DUE)


@pytest.fixture
def on(travel):
    """What the job of a December day says, done at its time."""

    def run(day):
        travel(f"2026-12-{day:02}T10:00")
        return daily.payment_reminders(date(2026, 12, day), lambda done, total=None: None)

    return run


def test_a_bill_is_reminded_of_before_on_and_after_its_day(due, on, texts_of):
    said = {day: on(day) for day in range(1, 32)}

    assert [day for day, sentence in said.items() if sentence == "1 reminder."] == [8, 11, 14, 18]
    assert texts_of("payment_reminder") == ["Payment due: ₹1,450.50 for November 2026"] * 4


def test_a_day_is_reminded_of_once_however_often_it_is_run(due, on):
    assert [on(11) for _ in range(3)] == ["1 reminder.", "0 reminders.", "0 reminders."]


def test_of_missed_days_only_the_last_is_made_up(due, on):
    assert on(16) == "1 reminder."
    due.refresh_from_db()
    assert due.reminded_for == date(2026, 12, 14)
    assert on(17) == "0 reminders."


def test_what_was_missed_long_ago_is_not_made_up(due, on):
    assert on(30) == "0 reminders."


def test_a_day_that_is_over_is_left_to_the_next(due, travel):
    travel("2026-12-12T10:00")
    said = daily.payment_reminders(DUE, lambda done, total=None: None)

    assert said.startswith("Too late")
    assert not Message.objects.exists()


def test_a_bill_made_after_one_of_its_days_is_not_reminded_of_for_it(due, on):
    Bill.objects.all().update(created_at="2026-12-09T12:00+05:30")

    assert on(9) == "0 reminders."
    assert on(11) == "1 reminder."


@pytest.mark.parametrize("how", ["paid", "carried", "adjusted", "erased"])
def test_nobody_is_reminded_of_what_is_not_to_be_paid(due, on, how, asha):
    if how == "paid":
        Payment.objects.create(customer=asha, amount="1450.50", method="upi", bill=due)
    elif how == "adjusted":
        Adjustment.objects.create(customer=asha, amount="-1450.50", reason="Sour milk")
    elif how == "erased":
        Customer.objects.update(erased_at="2026-12-02T00:00+05:30")
    else:
        other = Bill.objects.create(customer=asha, month="2026-12", amount=1, due_date=date(2027, 12, 1))
        Bill.objects.filter(pk=due.pk).update(carried_to=other)

    assert on(11) == "0 reminders."


@pytest.mark.parametrize("how", ["paid", "adjusted"])
def test_a_reminder_that_waits_is_withdrawn_when_nothing_is_to_pay(due, on, how, asha):
    on(11)
    if how == "paid":
        Payment.objects.create(customer=asha, amount="1450.50", method="upi")
    else:
        Adjustment.objects.create(customer=asha, amount="-1450.50", reason="Sour milk")

    assert Message.objects.get(kind="payment_reminder").status == "cancelled"


def test_a_reminder_asks_for_what_is_still_to_pay(due, on, asha, texts_of):
    Payment.objects.create(customer=asha, amount="450.50", method="upi")
    on(11)

    assert texts_of("payment_reminder") == ["Payment due: ₹1,000 for November 2026"]


def test_other_days_can_be_set(due, on, settings):
    settings.BILL_REMINDER_DAYS = [-1]

    assert [day for day in range(1, 20) if on(day) == "1 reminder."] == [10]


def test_no_days_are_no_reminders(due, on, settings):
    settings.BILL_REMINDER_DAYS = []

    assert on(11) == "0 reminders."


def test_many_are_reminded_in_chunks(due, on, monkeypatch):
    monkeypatch.setattr(reminding, "CHUNK", 2)
    for number in range(4):
        customer = Customer.objects.create(name="C", phone=f"987654300{number}")
        Bill.objects.create(customer=customer, month="2026-11", amount=10, due_date=DUE)

    assert on(11) == "5 reminders."


def test_a_bill_is_overdue_from_the_day_after(due, travel):
    for day, status in ((11, "open"), (12, "overdue")):
        travel(f"2026-12-{day}T00:10")
        daily.overdue_bills(date(2026, 12, day), lambda done, total=None: None)
        due.refresh_from_db()
        assert due.status == status


IN_THEIR_LANGUAGE = {
    "en": ("Payment due: ₹1,450.50 for November 2026", "✓ Payment received! ₹1,23,456.50"),
    "hi": ("भुगतान बाकी: नवंबर 2026 के लिए ₹1,450.50", "✓ भुगतान मिल गया! ₹1,23,456.50"),
    "kn": ("ನವೆಂಬರ್ 2026ರ ಪಾವತಿ ಬಾಕಿ: ₹1,450.50", "✓ ಪಾವತಿ ಸ್ವೀಕರಿಸಲಾಗಿದೆ! ₹1,23,456.50"),
    "ta": ("செலுத்த வேண்டிய தொகை: ₹1,450.50 (நவம்பர் 2026)", "✓ கட்டணம் பெறப்பட்டது! ₹1,23,456.50"),
    "te": ("చెల్లించాల్సిన మొత్తం: నవంబర్ 2026కు ₹1,450.50", "✓ చెల్లింపు అందింది! ₹1,23,456.50"),
    "mr": ("पेमेंट बाकी: नोव्हेंबर 2026 साठी ₹1,450.50", "✓ पेमेंट मिळाले! ₹1,23,456.50"),
}


@pytest.mark.parametrize("language", IN_THEIR_LANGUAGE)
def test_months_and_money_are_written_as_the_customer_reads_them(due, on, asha, texts_of, language):
    Customer.objects.update(language=language)
    on(11)
    asha.refresh_from_db()
    Payment.objects.create(customer=asha, amount="123456.50", method="upi")

    texts = texts_of("payment_reminder") + texts_of("payment_confirmation")
    assert tuple(texts) == IN_THEIR_LANGUAGE[language]


def test_what_another_bill_has_too_much_is_not_asked_for(due, on, asha, texts_of):
    later = Bill.objects.create(customer=asha, month="2026-12", amount=200, due_date=date(2027, 1, 11))
    Payment.objects.create(customer=asha, amount=1650, method="cash", bill=later)  # 1,450 for the older one

    assert on(11) == "1 reminder."
    assert texts_of("payment_reminder") == ["Payment due: ₹0.50 for November 2026"]

    Payment.objects.create(customer=asha, amount="0.50", method="cash", bill=later)
    assert on(14) == "0 reminders."


def test_a_credit_is_counted_for_the_oldest_bill_first(due, on, asha, texts_of):
    middle = Bill.objects.create(customer=asha, month="2026-12", amount=200, due_date=DUE)
    last = Bill.objects.create(customer=asha, month="2027-01", amount=10, due_date=date(2027, 2, 11))
    Payment.objects.create(customer=asha, amount=1510, method="cash", bill=last)

    assert on(11) == "1 reminder."
    assert texts_of("payment_reminder") == ["Payment due: ₹150.50 for December 2026"]
    middle.refresh_from_db()
    assert middle.reminded_for == DUE

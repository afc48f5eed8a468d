"""Last month's bills, of what was delivered."""

from datetime import date
from decimal import Decimal

import pytest

from billing import account, daily, messages
from billing.making import make_bills
from billing.models import Adjustment, Bill, BillRun, Payment, Refund
from billing.tests.conftest import delivered, over_bills, run_bills
from notifications import clock
from notifications.models import Message
from notifications.tests.at_once import together
from orders.models import Count, Customer

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def progress(done, total=None):
    pass


def test_a_bill_is_made_of_what_was_delivered_in_the_month(asha, travel):
    travel("2026-12-01T02:00")
    first, last = delivered(asha, 65), delivered(asha, "32.50", "2026-11-30T23:59")
    delivered(asha, 99, "2026-12-01T00:00")

    said = daily.bills(date(2026, 12, 1), progress)

    bill = Bill.objects.get()
    assert said == "1 bill for November 2026, made by 1 December."
    assert (bill.number, bill.month, bill.due_date) == ("BILL-202611-0001", NOVEMBER, date(2026, 12, 11))
    assert (bill.charges, bill.amount, bill.status) == (Decimal("97.50"), Decimal("97.50"), "open")
    assert {line.order for line in bill.lines.all()} == {first, last}
    assert account.balance(asha.pk) == Decimal("196.50") == over_bills(asha)


def test_an_order_is_not_billed_that_was_not_delivered(order, asha):
    run_bills("2026-12")

    assert not Bill.objects.exists()


def test_a_month_is_billed_once_however_often_it_is_run(asha, travel):
    delivered(asha, 65)
    run_bills()
    delivered(asha, 10)
    run_bills()

    assert [bill.amount for bill in Bill.objects.all()] == [65]


def test_what_was_delivered_late_for_a_billed_month_is_on_the_next_bill(asha):
    delivered(asha, 65)
    run_bills()
    late = delivered(asha, 10, "2026-11-30T08:00")
    run_bills("2026-12")

    newest = Bill.objects.get(month="2026-12-01")
    assert [line.order for line in newest.lines.all()] == [late]
    assert (newest.previous_balance, newest.charges, newest.amount) == (65, 10, 75)


def test_who_owes_nothing_and_was_brought_nothing_gets_none(asha, imran):
    Payment.objects.create(customer=imran, amount=50, method="upi")
    run_bills()

    assert not Bill.objects.exists()


def test_who_still_owes_gets_the_next_bill_without_an_order(asha):
    delivered(asha, 65)
    run_bills()
    run_bills("2026-12")

    old, new = Bill.objects.order_by("month")
    assert (old.carried_to, old.outstanding) == (new, 0)
    assert (new.previous_balance, new.charges, new.outstanding) == (65, 0, 65)


def test_a_bill_that_is_open_is_set_off_against_credit_on_another(asha, bill):
    Bill.objects.create(customer=asha, month="2026-10", amount=5, due_date=date(2026, 12, 1))
    Payment.objects.create(customer=asha, amount=500, method="upi", bill=bill)
    run_bills("2026-12")

    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}
    assert account.balance(asha.pk) == -45 == over_bills(asha)


def test_the_erased_are_skipped(asha):
    delivered(asha, 65)
    Customer.objects.update(erased_at=clock.now())
    run_bills()

    assert not Bill.objects.exists()


def test_credit_is_carried_and_a_bill_is_never_less_than_nothing(asha):
    delivered(asha, 65)
    run_bills()
    Payment.objects.create(customer=asha, amount=165, method="upi", month=NOVEMBER)
    delivered(asha, 40, "2026-12-05T07:00")
    run_bills("2026-12")

    newest = Bill.objects.get(month="2026-12-01")
    assert (newest.previous_balance, newest.charges, newest.amount) == (-100, 40, 0)
    assert (newest.status, newest.outstanding, newest.standing) == ("paid", 0, -60)
    assert account.balance(asha.pk) == -60 == over_bills(asha)


@pytest.mark.parametrize("sign", [1, -1])
def test_one_mistyped_account_does_not_stop_everybodys_bills(asha, imran, api, sign):
    for _ in range(3):
        Adjustment.objects.create(customer=asha, amount=sign * Decimal("9999999999.99"), reason="A slip")
    delivered(imran, 65)
    run_bills()
    delivered(asha, 65, "2026-12-10T07:00")
    run_bills("2026-12")

    owed = account.balance(asha.pk)
    assert owed == sign * Decimal("29999999999.97") + 65 == over_bills(asha)
    newest = api.get(f"/api/billing/bills/{asha.bills.first().pk}").json()
    assert newest["outstanding"] == f"{max(owed, 0):.2f}"


def test_what_is_on_no_bill_yet_is_put_on_the_one_that_is_made(asha):
    delivered(asha, 100)
    Adjustment.objects.create(customer=asha, amount=-10, reason="Sour milk")
    Payment.objects.create(customer=asha, amount=50, method="upi", month="2026-11")
    Refund.objects.create(customer=asha, amount=20, method="upi", reason="Too much")
    run_bills()

    bill = Bill.objects.get()
    assert (bill.charges, bill.adjustments, bill.amount) == (100, -10, 90)
    assert (bill.paid, bill.refunded, bill.outstanding, bill.status) == (50, 20, 60, "partially_paid")


@pytest.mark.parametrize(("amount", "status"), [(450, "paid"), (451, "partially_paid")])
def test_what_was_paid_before_is_counted_by_a_bill_by_hand(asha, amount, status):
    Payment.objects.create(customer=asha, amount=500, method="upi", month="2026-11")
    Refund.objects.create(customer=asha, amount=60, method="upi", reason="Too much")
    Adjustment.objects.create(customer=asha, amount=-10, reason="Sour milk")
    bill = Bill.objects.create(customer=asha, month="2026-11", amount=amount, due_date="2999-12-05")

    assert (bill.amount, bill.outstanding, bill.status) == (amount, amount - 450, status)
    assert account.balance(asha.pk) == amount - 450 == over_bills(asha)


def test_a_bill_by_hand_for_the_month_stays_the_only_one(asha, bill):
    delivered(asha, 65)
    run_bills()
    run_bills("2026-12")

    newest = Bill.objects.get(month="2026-12-01")
    assert Bill.objects.filter(month=NOVEMBER).get() == bill
    assert (newest.previous_balance, newest.charges) == (450, 65)


def test_nobody_is_reminded_of_a_bill_that_was_carried(asha, bill, travel):
    travel("2026-12-02T10:00")
    messages.payment_reminder(bill, date(2026, 12, 2))
    run_bills("2026-12")

    assert Message.objects.get(kind="payment_reminder").status == "cancelled"


def test_a_payment_for_a_carried_bill_pays_the_one_that_carries_it(asha, bill):
    delivered(asha, 65)
    run_bills("2026-12")
    payment = Payment.objects.create(customer=asha, amount=500, method="upi", month=NOVEMBER)

    newest = Bill.objects.get(month="2026-12-01")
    assert (payment.bill, payment.month) == (newest, NOVEMBER)
    assert (newest.status, newest.outstanding) == ("partially_paid", 15)


def test_when_the_newest_is_paid_so_are_the_ones_it_carries(asha, bill):
    run_bills("2026-12")
    run_bills("2027-01")
    Payment.objects.create(customer=asha, amount=450, method="upi", bill=bill)

    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}


def test_credit_that_covers_the_new_bill_pays_the_old_one_too(asha, bill):
    Payment.objects.create(customer=asha, amount=500, method="upi", month="2026-12")
    run_bills("2026-12")

    assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}


def test_numbers_follow_each_other_and_bills_by_hand_share_them(asha, imran):
    for customer in (asha, imran):
        delivered(customer, 10)
    run_bills()
    meera = Customer.objects.create(name="Meera", phone="9876543216")
    by_hand = Bill.objects.create(customer=meera, month="2026-11", amount=5, due_date=date(2026, 12, 1))

    assert by_hand.number == "BILL-202611-0003"
    assert Count.objects.get(pk="BILL-202611").last == 3
    assert [bill.number[-4:] for bill in Bill.objects.order_by("pk")] == ["0001", "0002", "0003"]


def test_a_run_that_died_goes_on_where_it_was(asha, imran, monkeypatch):
    monkeypatch.setattr("billing.making.CHUNK", 1)
    for customer in (asha, imran):
        delivered(customer, 10)
    with pytest.raises(ZeroDivisionError):
        make_bills(NOVEMBER, lambda done, total: 1 / 0)
    assert (Bill.objects.count(), BillRun.objects.get().finished_at) == (1, None)

    run = run_bills()

    assert (Bill.objects.count(), run.bills, run.customers) == (2, 2, 2)


def test_it_says_how_far_it_is(asha, imran, monkeypatch):
    monkeypatch.setattr("billing.making.CHUNK", 1)
    said = []
    make_bills(NOVEMBER, lambda done, total: said.append((done, total)))

    assert said == [(1, 2), (2, 2), (2, 2)]


def test_a_chunk_asks_as_few_questions_for_many_customers_as_for_one(django_assert_max_num_queries):
    for number in range(30):
        customer = Customer.objects.create(name="C", phone=f"98765430{number:02}")
        delivered(customer, 10)
    with django_assert_max_num_queries(32):
        run_bills()

    assert Bill.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_bill_once(monkeypatch):
    monkeypatch.setattr("billing.making.CHUNK", 3)
    for number in range(12):
        delivered(Customer.objects.create(name="C", phone=f"98765430{number:02}"), 10)

    together(run_bills, 2)

    assert Bill.objects.count() == BillRun.objects.get().bills == 12
    assert len(set(Bill.objects.values_list("number", flat=True))) == 12


@pytest.mark.django_db(transaction=True)
def test_payments_that_come_while_bills_are_made_are_not_lost(asha):
    old = Bill.objects.create(customer=asha, month="2026-10", amount=100, due_date=NOVEMBER)
    delivered(asha, 65)
    works = iter(
        [run_bills, *[lambda: Payment.objects.create(customer=asha, amount=10, method="cash", bill=old)] * 3]
    )

    together(lambda: next(works)(), 4)

    assert account.balance(asha.pk) == 135 == over_bills(asha)
    assert Bill.objects.get(month=NOVEMBER).outstanding == 135

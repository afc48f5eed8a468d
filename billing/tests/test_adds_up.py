"""Whatever happens to a customer's money, in whatever order: it adds up, from both sides."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import account, actions
from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from billing.tests.conftest import delivered, over_bills, run_bills
from orders import actions as order_actions
from orders import days
from orders.models import Customer, Order, Product

pytestmark = pytest.mark.django_db
MONTHS = ("2026-10", "2026-11", "2026-12")
rupees = st.integers(1, 100_000).map(lambda paise: Decimal(paise) / 100)
months = st.sampled_from(MONTHS)


class Books:
    """A customer, and what they owe by plain arithmetic."""

    def __init__(self):
        self.customer = Customer.objects.create(name="Asha", phone="98765 43210")
        self.milk = Product.objects.create(name="Cow milk", unit="500 ml", price="32.50")
        self.owed = Decimal(0)

    def deliver(self, amount, month):
        delivered(self.customer, amount, f"{month}-15T07:00")
        self.owed += amount

    def place_and_cancel(self, amount, month):
        tomorrow = days.today() + timedelta(days=1)
        order_actions.cancel(order_actions.place_order(self.customer, tomorrow, [(self.milk, 1)]))

    def cancel_what_was_delivered(self, amount, month):
        order = Order.objects.filter(delivered_at__isnull=False).first()
        if order:
            with pytest.raises(ValidationError, match="delivered already"):
                order_actions.cancel(order)

    def charge(self, amount, month):
        Adjustment.objects.create(customer=self.customer, amount=amount, reason="A crate")
        self.owed += amount

    def credit(self, amount, month):
        Adjustment.objects.create(customer=self.customer, amount=-amount, reason="Sour milk")
        self.owed -= amount

    def pay(self, amount, month):
        Payment.objects.create(customer=self.customer, amount=amount, method="upi", month=month)
        self.owed -= amount

    def pay_what_is_open(self, amount, month):
        Payment.objects.create(customer=self.customer, amount=amount, method="cash")
        self.owed -= amount

    def pay_in_full(self, amount, month):
        bill = Bill.open_of(self.customer.pk)
        if bill:
            self.owed -= bill.outstanding
            Payment.objects.create(customer=self.customer, amount=bill.outstanding, method="upi", bill=bill)

    def refund(self, amount, month):
        with suppress(ValidationError), transaction.atomic():
            Refund.objects.create(customer=self.customer, amount=amount, method="upi", reason="Too much")
            self.owed += amount

    def refund_a_payment(self, amount, month):
        payment = Payment.objects.last()
        with suppress(ValidationError), transaction.atomic():
            Refund.objects.create(
                customer=self.customer, amount=amount, method="upi", payment=payment, reason="Twice"
            )
            self.owed += amount

    def bill_by_hand(self, amount, month):
        if not Bill.objects.filter(month=f"{month}-01").exists():
            due = date.fromisoformat(f"{month}-28")
            Bill.objects.create(customer=self.customer, month=month, amount=amount, due_date=due)
            self.owed += amount

    def bill(self, amount, month):
        run_bills(month)

    def dispute(self, amount, month):
        order = Order.objects.filter(delivered_at__isnull=False).order_by("?").first()
        with suppress(ValidationError), transaction.atomic():
            actions.open_dispute(self.customer, "damaged", order=order)

    def settle_by_credit(self, amount, month):
        dispute = Dispute.objects.filter(status="open").first()
        with suppress(ValidationError), transaction.atomic():
            if dispute:
                actions.settle_by_adjustment(dispute, amount, "Broken")
                self.owed -= amount

    def bring_again(self, amount, month):
        dispute = Dispute.objects.filter(status="open").first()
        if dispute:
            dispute.order.items.create(product=self.milk)
            settled = actions.settle_by_redelivery(dispute, days.today() + timedelta(days=1))
            self.owed += settled.adjustment.amount if settled.adjustment else 0

    def refuse(self, amount, month):
        dispute = Dispute.objects.filter(status="open").first()
        if dispute:
            actions.refuse(dispute, "It was there")


STEPS = [name for name in vars(Books) if not name.startswith("_")]
steps = st.lists(st.tuples(st.sampled_from(STEPS), rupees, months), min_size=3, max_size=14)


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
def test_any_sequence_of_what_happens_adds_up_from_both_sides(steps):
    with transaction.atomic():
        books = Books()
        for name, amount, month in steps:
            getattr(books, name)(amount, month)
            adds_up(books)
        transaction.set_rollback(True)


def adds_up(books):
    assert account.balance(books.customer.pk) == books.owed == over_bills(books.customer)
    opening, entries = account.ledger(books.customer.pk, date(2026, 1, 1))
    assert (entries[-1].balance if entries else opening) == books.owed
    for bill in books.customer.bills.filter(carried_to=None):
        assert (bill.status == "paid") == (bill.standing <= 0)
        assert bill.outstanding == max(bill.standing, 0)
    assert not any(bill.outstanding for bill in books.customer.bills.exclude(carried_to=None))

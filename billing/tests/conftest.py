import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from billing.making import make_bills
from billing.models import Adjustment, Bill, Payment, Refund
from orders import numbers
from orders.models import Customer, Order
from orders.tests.conftest import api, as_asha, asha, chitra, desk, milk, order, texts_of, tomorrow

__all__ = ["api", "as_asha", "asha", "chitra", "desk", "milk", "order", "texts_of", "tomorrow"]


@pytest.fixture
def bill(asha):
    """Asha's November: ₹450, due in a far December."""
    return Bill.objects.create(
        customer=asha, month=date(2026, 11, 1), amount="450.00", due_date=date(2999, 12, 5)
    )


@pytest.fixture
def imran(db):
    return Customer.objects.create(name="Imran", phone="98765 43217")


@pytest.fixture
def imrans_bill(imran):
    return Bill.objects.create(
        customer=imran, month=date(2026, 10, 1), amount="99.50", due_date=date(2026, 11, 5)
    )


@pytest.fixture
def billed(asha):
    """A bill as a program posts it."""
    return {"customer": asha.pk, "month": "2026-11", "amount": "1234.50", "due_date": "2999-12-05"}


@pytest.fixture
def paid(asha):
    """A payment as a program posts it."""
    return {"customer": asha.pk, "amount": "450.00", "method": "upi", "month": "2026-11"}


BILLS, PAYMENTS = "/api/billing/bills", "/api/billing/payments"
NOTHING = (None, True, [], {}, "\u0000", "\ud800")  # what no field of ours takes


def post(client, path, body, **headers):
    """As JSON that also holds what is no text: half a character."""
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def refused(answer):
    return answer.status_code, [error["attr"] for error in answer.json()["errors"]]


@pytest.fixture
def travel(settings, tmp_path):
    """Moves the one clock to a moment in India: `travel("2026-12-01T02:00")`."""
    file = tmp_path / "clock"
    settings.EARLYBIRD_CLOCK_FILE = str(file)

    def to(moment):
        ahead = datetime.fromisoformat(f"{moment}+05:30") - timezone.now()
        file.write_text(str(ahead.total_seconds()))

    return to


def delivered(customer, total, at="2026-11-10T07:00"):
    """An order that was brought at that moment in India."""
    moment = datetime.fromisoformat(f"{at}+05:30")
    order = Order(
        number=numbers.next_order(),
        customer=customer,
        delivery_date=moment.date(),
        status="confirmed",
        total=total,
        delivered_at=moment,
    )
    return Order.objects.bulk_create([order])[0]


def run_bills(month="2026-11"):
    """Make the bills of a month, as the job does."""
    return make_bills(date.fromisoformat(f"{month}-01"), lambda done, total=None: None)


def over_bills(customer):
    """A balance from the other side: what open bills stand at, and what is on none."""
    loose = {"customer": customer, "bill": None}
    return (
        sum(bill.standing for bill in customer.bills.filter(carried_to=None))
        + total(Order.objects.filter(customer=customer, delivered_at__isnull=False, billed=None), "total")
        + total(Adjustment.objects.filter(**loose))
        - total(Payment.objects.filter(**loose))
        + total(Refund.objects.filter(**loose))
    )


def total(rows, amount="amount"):
    return rows.aggregate(sum=Sum(amount))["sum"] or Decimal(0)

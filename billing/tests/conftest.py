import json
from datetime import date

import pytest

from billing.models import Bill
from orders.models import Customer
from orders.tests.conftest import api, as_asha, asha, chitra, desk, texts_of

__all__ = ["api", "as_asha", "asha", "chitra", "desk", "texts_of"]


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

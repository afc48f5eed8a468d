"""The bills that were there before they had numbers."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from billing import account
from billing.models import Adjustment, Bill, Payment
from orders.models import Count, Customer

BEFORE = [("billing", "0003_order_by_day")]
NOW = [("billing", "0006_bill_rules")]


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return executor.loader.project_state(to).apps


@pytest.fixture
def old(transactional_db):
    """The models as they were; afterwards all is as it is now."""
    yield migrate(BEFORE)
    migrate(NOW)


def test_they_are_numbered_month_by_month_and_charge_what_they_say(old):
    asha = Customer.objects.create(name="Asha", phone="98765 43210")
    imran = Customer.objects.create(name="Imran", phone="98765 43217")
    for customer, month, amount in (
        (asha, "2026-11-01", 450),
        (imran, "2026-11-01", 20),
        (asha, "2026-10-01", 0),
    ):
        old.get_model("billing", "Bill").objects.create(
            customer_id=customer.pk, month=month, amount=amount, due_date="2026-12-05"
        )
    bill = old.get_model("billing", "Bill").objects.first()
    old.get_model("billing", "Payment").objects.create(
        customer_id=asha.pk, bill_id=bill.pk, month="2026-11-01", amount=100, method="upi"
    )
    migrate(NOW)

    assert [row.number for row in Bill.objects.order_by("pk")] == [
        "BILL-202611-0001",
        "BILL-202611-0002",
        "BILL-202610-0001",
    ]
    assert dict(Count.objects.values_list("pk", "last")) == {"BILL-202611": 2, "BILL-202610": 1}
    assert Adjustment.objects.count() == 2
    assert (account.balance(asha.pk), Payment.objects.get().bill.outstanding) == (350, 350)
    migrate(BEFORE)

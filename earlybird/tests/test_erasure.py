"""A customer of all four apps is erased: no table has the number or the name, and the books still add up."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Sum

from billing import actions as billing_actions
from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from delivery import actions as delivery_actions
from delivery.models import Agent, Delivery
from notifications import erasure, outbox, registry
from notifications.models import Message, NotificationPreference
from notifications.tests.test_erasure import where_it_stands
from orders import actions, days
from orders.models import Customer, Order, Product, Subscription
from rest.models import IdempotencyKey

pytestmark = pytest.mark.django_db
PHONE, NUMBER, NAME = "+919000012345", "9000012345", "Padmavati"
WHO = (NUMBER, NAME, "padma_k", "Lavelle")


@pytest.fixture
def padma(client):
    """She has ordered, paid, signed in, and was looked after at the desk."""
    desk = get_user_model().objects.create_superuser("chitra", password="chitra")
    user = get_user_model().objects.create_user("padma_k", first_name=NAME, password="padma")
    customer = Customer.objects.create(
        name=NAME, phone=PHONE, user=user, area="Ashok Nagar", address="2 Lavelle Road"
    )
    milk = Product.objects.create(name="Milk", unit="500 ml", price="30")
    brought = actions.place_order(customer, days.today(), [(milk, 2)])
    delivery_actions.mark_delivered(brought.delivery)
    actions.place_order(customer, days.today() + timedelta(days=1), [(milk, 1)])
    subscription = actions.subscribe(customer, milk, days.today())
    actions.pause(subscription, days.today() + timedelta(days=9), reason=f"{NAME} is away")
    bill = Bill.objects.create(
        customer=customer, month=date(2026, 1, 1), amount="60", due_date=date(2026, 2, 5)
    )
    Payment.objects.create(
        customer=customer, amount="20", method="upi", bill=bill, transaction_id=f"{NUMBER}@upi"
    )
    Adjustment.objects.create(customer=customer, amount=-5, reason=f"{NAME} was right")
    Refund.objects.create(
        customer=customer,
        amount=5,
        method="upi",
        reason=f"{NAME} paid twice",
        transaction_id=f"back-{NUMBER}",
    )
    dispute = billing_actions.open_dispute(customer, "damaged", f"{NAME} says so", order=brought)
    for row in (customer, subscription, bill, dispute):
        LogEntry.objects.log_actions(
            desk.pk, [row], 2, change_message=[{"changed": {"object": NAME}}], single_object=True
        )
    IdempotencyKey.objects.create(user=desk, key=f"order-{NUMBER}", fingerprint="", made={})
    client.post(
        "/api/auth/sign-in", {"username": "padma_k", "password": "wrong"}, content_type="application/json"
    )
    return customer


def test_no_table_has_the_number_or_the_name_any_more(padma):
    assert len(where_it_stands(*WHO)) > 12
    erasure.erase(PHONE, "chitra")

    assert where_it_stands(*WHO) == []


LEFT = (Order, Delivery, Bill, Payment, Adjustment, Refund, Dispute, Message, LogEntry)


def test_the_books_and_the_counts_stay(padma):
    counted = {model: model.objects.count() for model in LEFT}
    erasure.erase(PHONE, "chitra")

    assert {model: model.objects.count() for model in counted} == counted
    padma.refresh_from_db()
    assert padma.bills.get().outstanding == 40
    assert padma.orders.filter(delivered_at__isnull=False).aggregate(sum=Sum("total"))["sum"] == 60
    assert (padma.name, padma.address, padma.area) == ("erased", "", "")
    assert padma.erased_at


def test_nothing_more_is_brought(padma):
    erasure.erase(PHONE, "chitra")

    assert set(Subscription.objects.values_list("status", flat=True)) == {"cancelled"}
    assert set(Order.objects.filter(delivered_at=None).values_list("status", flat=True)) == {"cancelled"}
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered", "cancelled"}


def test_nobody_can_be_reached_where_the_number_was_and_two_erased_are_two(padma):
    other = Customer.objects.create(name=NAME, phone="98765 43210")
    erasure.erase(PHONE, "chitra")
    erasure.erase("+919876543210", "chitra")

    padma.refresh_from_db()
    other.refresh_from_db()
    assert padma.phone == f"+999{padma.pk:012}" != other.phone
    told = outbox.queue("order_confirmation", to=padma.phone, variables={"order_id": "1"})
    assert (told.status, told.error_code) == ("failed", "bad_phone")
    with pytest.raises(ValidationError, match="phone number"):
        Customer.objects.create(name="Nobody", phone=padma.phone)


def test_the_number_may_be_a_new_customers(padma):
    erasure.erase(PHONE, "chitra")
    fresh = Customer.objects.create(name="Farid", phone=PHONE)

    assert fresh.orders.count() == 0
    assert not NotificationPreference.objects.filter(phone=PHONE).exists()


def test_an_account_of_staff_or_of_a_delivery_agent_is_unbound_and_stays(padma):
    Agent.objects.create(name="Bilal", phone="98765 43211", user=padma.user)
    erasure.erase(PHONE, "chitra")

    assert registry.phones(get_user_model().objects.get(username="padma_k")) == set()


def test_all_apps_tell_what_they_keep(padma):
    said = StringIO()
    call_command("export_person", PHONE, stdout=said)
    found = json.loads(said.getvalue())

    assert found["customers"][0]["name"] == NAME
    kept = {
        "orders": 2,
        "order_items": 2,
        "subscriptions": 1,
        "subscription_pauses": 1,
        "deliveries": 2,
        "bills": 1,
        "adjustments": 2,
        "refunds": 1,
        "disputes": 1,
    }
    assert {name: len(found[name]) for name in kept} == kept
    assert [row["amount"] for row in found["payments"]] == ["20.00"]

"""The demo shop: believable, the same each time, and never where a number could be somebody's."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from billing.models import Bill, Payment
from delivery.models import Delivery
from earlybird.simulation import history
from earlybird.simulation.troubles import GREETING
from notifications import attention, clock
from notifications.models import Message, NotificationPreference, QueuedMessage
from orders import days
from orders.models import Customer, Order, Product, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox(settings):
    settings.SANDBOX = True


def small():
    call_command("demo_data", "--customers=8", "--no-history")


def test_demo_data_is_refused_where_messages_could_reach_somebody(settings):
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="only where the provider is the sandbox"):
        call_command("demo_data")
    assert not Customer.objects.exists()


def test_a_shop_without_history_has_customers_products_and_subscriptions_and_tells_nobody():
    small()
    assert (Customer.objects.count(), Product.objects.count()) == (8, 12)
    assert Subscription.objects.count() == 9
    assert not Message.objects.exists()


def test_demo_data_made_twice_is_the_same_shop():
    small()
    NotificationPreference.objects.update(marketing_opt_in_at=None, enabled=False)  # they wrote STOP
    small()
    assert (Customer.objects.count(), Subscription.objects.count()) == (8, 9)
    assert not NotificationPreference.objects.filter(marketing_opt_in_at__isnull=False).exists()


def test_a_login_whose_making_was_cut_short_is_made_the_next_time(client, monkeypatch):
    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(get_user_model(), "set_password", cut)
        with pytest.raises(KeyboardInterrupt):
            small()
    small()

    assert client.login(username="chitra", password="earlybird")


def test_more_customers_can_be_added_for_load():
    small()
    call_command("demo_data", "--customers=120", "--no-history")
    assert Customer.objects.count() == 120
    assert Customer.objects.get(phone="+919800119210").subscriptions.exists()


def test_chitra_can_sign_in_to_admin(client):
    small()
    assert client.login(username="chitra", password="earlybird")
    assert client.get("/admin/orders/order/").status_code == 200
    assert get_user_model().objects.get(username="chitra").is_superuser


@pytest.mark.parametrize(
    ("name", "group"), [("sana", "Support"), ("kabir", "Content"), ("omkar", "Operations")]
)
def test_one_of_each_group_can_sign_in_too(client, name, group):
    small()
    assert client.login(username=name, password="earlybird")
    user = get_user_model().objects.get(username=name)
    assert [one.name for one in user.groups.all()] == [group]
    assert (user.is_staff, user.is_superuser) == (True, False)


def test_who_is_in_which_group_is_left_as_the_shop_has_it():
    small()
    sana = get_user_model().objects.get(username="sana")
    sana.groups.clear()
    small()
    assert not sana.groups.exists()


@pytest.mark.django_db(transaction=True)
def test_a_shop_with_history_was_lived_in_until_last_night():
    call_command("demo_data", "--customers=14")

    today = days.today()
    deliveries = Delivery.objects.filter(date=today - timedelta(days=2))
    assert set(deliveries.values_list("status", flat=True)) == {"delivered"}
    assert set(Order.objects.filter(delivery_date=today).values_list("status", flat=True)) == {"confirmed"}
    assert Bill.objects.filter(status="paid").exists() or today.day < 5
    assert Payment.objects.exists() or today.day < 3
    assert (
        Message.objects.filter(status="read").count() > Message.objects.filter(status="delivered").count() > 0
    )
    assert not QueuedMessage.objects.filter(held_for=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_shop_with_history_has_something_to_put_right(monkeypatch):
    monkeypatch.setattr(history, "first_day", lambda today: today - timedelta(days=3))
    call_command("demo_data", "--customers=14")

    found = {cause.key for cause in attention.causes(clock.now())}

    assert found >= {"131026", "131000", "held:uncertain", "bad_phone", "expired"}
    assert {f"template_off:{GREETING}", "missing_variable:order_confirmation"} <= found


@pytest.mark.django_db(transaction=True)
def test_a_shop_that_has_orders_gets_no_second_past(monkeypatch):
    monkeypatch.setattr(history, "first_day", lambda today: today - timedelta(days=3))
    call_command("demo_data", "--customers=14")
    orders, messages = Order.objects.count(), Message.objects.count()
    assert orders

    call_command("demo_data", "--customers=14")

    assert (Order.objects.count(), Message.objects.count()) == (orders, messages)

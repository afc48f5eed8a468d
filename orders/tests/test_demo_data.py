import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from notifications.models import Message, NotificationPreference
from orders.models import Customer, Product, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox(settings):
    settings.SANDBOX = True


def test_demo_data_is_refused_where_messages_could_reach_somebody(settings):
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="only where the provider is the sandbox"):
        call_command("demo_data")
    assert not Customer.objects.exists()


def test_demo_data_makes_a_shop_that_is_opted_in(sandbox):
    call_command("demo_data")
    assert (Customer.objects.count(), Product.objects.count()) == (8, 8)
    assert NotificationPreference.objects.filter(marketing_opt_in_at__isnull=False).count() == 8


def test_demo_data_queues_a_handful_of_messages(sandbox):
    call_command("demo_data")
    assert set(Message.objects.values_list("kind", "status")) == {("subscription_confirmation", "queued")}
    assert Message.objects.count() == Subscription.objects.count() == 4


def test_demo_data_is_at_ease_with_a_subscription_that_is_there_twice(sandbox):
    call_command("demo_data")
    again = Subscription.objects.first()
    again.pk = None
    again.save()
    call_command("demo_data")
    assert Subscription.objects.count() == 5


def test_demo_data_made_twice_is_the_same_shop(sandbox):
    call_command("demo_data")
    NotificationPreference.objects.update(marketing_opt_in_at=None, enabled=False)  # they wrote STOP
    call_command("demo_data")
    assert (Customer.objects.count(), Message.objects.count()) == (8, 4)
    assert not NotificationPreference.objects.filter(marketing_opt_in_at__isnull=False).exists()


def test_chitra_can_sign_in_to_admin(sandbox, client):
    call_command("demo_data")
    assert client.login(username="chitra", password="earlybird")
    assert client.get("/admin/orders/order/").status_code == 200
    assert get_user_model().objects.get().is_staff

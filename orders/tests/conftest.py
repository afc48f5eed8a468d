"""The cast: Asha orders, Chitra is staff."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from notifications.models import Message
from orders import actions, days
from orders.models import Customer, Product, Subscription


@pytest.fixture
def asha(db):
    return Customer.objects.create(name="Asha", phone="98765 43210", area="Indiranagar")


@pytest.fixture
def milk(db):
    return Product.objects.create(name="Cow milk", unit="500 ml", price="32.50")


@pytest.fixture
def tomorrow():
    return days.today() + timedelta(days=1)


@pytest.fixture
def order(asha, milk, tomorrow):
    return actions.place_order(asha, tomorrow, [(milk, 2)])


@pytest.fixture
def subscription(asha, milk, tomorrow):
    return Subscription.objects.create(customer=asha, product=milk, start=tomorrow)


@pytest.fixture
def chitra(db):
    return get_user_model().objects.create_superuser("chitra")


@pytest.fixture
def desk(client, chitra):
    """Django admin, with Chitra signed in."""
    client.force_login(chitra)
    return client


@pytest.fixture
def texts_of(db):
    """The texts recorded of one kind, the oldest first."""

    def find(kind):
        return list(Message.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))

    return find

"""The cast: Asha orders, Bilal delivers, Chitra is staff."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from delivery import actions as deliveries
from delivery.models import Agent
from orders import actions
from orders.models import Customer
from orders.tests.conftest import (
    api,
    as_asha,
    asha,
    chitra,
    desk,
    milk,
    order,
    signed_in,
    subscription,
    texts_of,
    tomorrow,
)

__all__ = [
    "api",
    "as_asha",
    "asha",
    "chitra",
    "desk",
    "milk",
    "order",
    "subscription",
    "texts_of",
    "tomorrow",
]
LIST = "/api/deliveries"


@pytest.fixture
def bilal(db):
    return Agent.objects.create(name="Bilal", phone="98765 43299")


@pytest.fixture
def as_bilal(bilal):
    """The API on Bilal's tablet: he delivers, and is not staff."""
    bilal.user = User.objects.create_user("bilal")
    bilal.save()
    return signed_in(bilal.user)


@pytest.fixture
def delivery(order):
    """The delivery of Asha's order."""
    return order.delivery


@pytest.fixture
def his(delivery, bilal):
    """Asha's delivery, given to Bilal."""
    return deliveries.assign(delivery, bilal)


@pytest.fixture
def imrans(milk, tomorrow):
    """A delivery to somebody else, in another area."""
    imran = Customer.objects.create(name="Imran", phone="98765 43217", area="Jayanagar")
    return actions.place_order(imran, tomorrow, [(milk, 1)]).delivery


@pytest.fixture
def later(delivery):
    """An hour after the slot ends, 9:00 AM."""
    return delivery.slot_ends_at + timedelta(hours=1)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def refused(answer):
    return answer.status_code, [error["attr"] for error in answer.json()["errors"]]

"""The cast: Asha orders, Bilal delivers, Chitra is staff."""

from datetime import timedelta

import pytest

from delivery.models import Agent
from orders.tests.conftest import asha, chitra, desk, milk, order, subscription, texts_of, tomorrow

__all__ = ["asha", "chitra", "desk", "milk", "order", "subscription", "texts_of", "tomorrow"]


@pytest.fixture
def bilal(db):
    return Agent.objects.create(name="Bilal", phone="98765 43299")


@pytest.fixture
def delivery(order):
    """The delivery of Asha's order."""
    return order.delivery


@pytest.fixture
def later(delivery):
    """An hour after the slot ends, 9:00 AM."""
    return delivery.slot_ends_at + timedelta(hours=1)

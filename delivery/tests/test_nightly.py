"""The nightly orders are brought as any order is."""

import pytest

from delivery.models import Delivery
from orders import days, nightly

pytestmark = pytest.mark.django_db


def test_a_nightly_order_has_its_delivery_for_its_day_and_the_customers_area(subscription, tomorrow):
    nightly.make_orders(days.today(), lambda done, total=None: None)

    delivery = Delivery.objects.get()
    assert (delivery.order.kind, delivery.date, delivery.area) == ("subscription", tomorrow, "Indiranagar")


def test_a_second_run_makes_no_second_delivery(subscription):
    for _ in range(2):
        nightly.make_orders(days.today(), lambda done, total=None: None)

    assert Delivery.objects.count() == 1

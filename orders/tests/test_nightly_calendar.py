"""Whatever is subscribed to, the orders made are those of a plain calendar."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders import nightly
from orders.models import Customer, Order, OrderItem, Subscription
from orders.tests import shop
from orders.tests.shop import silent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def plan(asks):
    """(day, customer's id) → product's id → quantity, by the plain calendar."""
    sheet = {}
    for row, terms, pauses, overrides in asks:
        for day, quantity in shop.expected(terms, pauses, overrides).items():
            basket = sheet.setdefault((day, row.customer_id), Counter())
            basket[row.product_id] += quantity
    return sheet


def brought():
    """The same, by the orders there are."""
    sheet = {}
    for item in OrderItem.objects.select_related("order"):
        basket = sheet.setdefault((item.order.delivery_date, item.order.customer_id), Counter())
        basket[item.product_id] += item.quantity
    return sheet


def subscribed(customer, product, terms, pauses, overrides):
    row = Subscription.objects.create(customer=customer, product=product, **terms)
    for begins, resumes in pauses:
        row.pauses.create(from_date=begins, resume_date=resumes)
    for day, quantity in overrides.items():
        row.overrides.create(date=day, quantity=quantity)
    return row, terms, pauses, overrides


_asks = st.tuples(st.integers(0, 2), st.integers(0, 1), shop.terms(), shop.pauses(), shop.overrides)


@given(asks=st.lists(_asks, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_two_weeks_of_any_shop_bring_what_a_plain_calendar_says(asks, asha, milk, curd, at_nine, settings):
    settings.EARLYBIRD_NOTIFY = False
    bilal, chitra = (
        Customer.objects.get_or_create(name=f"{n}", phone=f"+9198765432{n}")[0] for n in (11, 12)
    )
    with transaction.atomic():
        rows = [subscribed([asha, bilal, chitra][who], [milk, curd][what], *how) for who, what, *how in asks]
        for number in range(-1, shop.DAYS):
            evening = shop.FIRST + timedelta(days=number)
            at_nine(evening)
            nightly.make_orders(evening, silent)
        assert brought() == plan(rows)
        totals = {order.pk: order.total for order in Order.objects.all()}
        assert totals == {
            order.pk: sum(i.quantity * i.price for i in order.items.all()) for order in Order.objects.all()
        }
        transaction.set_rollback(True)

"""What the database holds by itself, whoever writes to it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError

from orders.models import Order, OrderItem, Product, Subscription, SubscriptionOverride, SubscriptionPause

pytestmark = pytest.mark.django_db
START = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"quantity": 0}, "subscription_quantity_positive"),
        ({"end": START - timedelta(days=1)}, "subscription_end_after_start"),
        ({"pattern": "custom_days"}, "subscription_custom_has_days"),
        ({"pattern": "custom_days", "weekdays": [7]}, "subscription_weekdays_known"),
        ({"pattern": "weekly", "weekdays": [0, 3]}, "subscription_weekly_one_day"),
        ({"status": "lapsed"}, "subscription_status_known"),
    ],
)
def test_a_subscription_that_makes_no_sense_cannot_be_stored(asha, milk, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Subscription.objects.create(**{"customer": asha, "product": milk, "start": START} | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"end": START},
        {"pattern": "weekly"},
        {"pattern": "weekly", "weekdays": [6]},
        {"pattern": "custom_days", "weekdays": [0, 3]},
    ],
)
def test_a_subscription_that_makes_sense_passes_the_form_and_the_database(asha, milk, fields):
    subscription = Subscription(customer=asha, product=milk, start=START, **fields)
    subscription.full_clean()
    subscription.save()


def test_a_form_says_what_is_wrong_with_a_subscription(asha, milk):
    with pytest.raises(ValidationError, match="The end is before the start"):
        Subscription(customer=asha, product=milk, start=START, end=START - timedelta(days=1)).full_clean()


def test_a_pause_resumes_after_it_began(subscription):
    with pytest.raises(IntegrityError, match="pause_resumes_after_it_began"):
        SubscriptionPause.objects.create(subscription=subscription, from_date=START, resume_date=START)


def test_a_day_has_one_override(subscription):
    SubscriptionOverride.objects.create(subscription=subscription, date=START, quantity=0)
    with pytest.raises(IntegrityError, match="override_once_a_day"):
        SubscriptionOverride.objects.create(subscription=subscription, date=START, quantity=3)


def test_a_product_costs_something():
    with pytest.raises(IntegrityError, match="product_price_positive"):
        Product.objects.create(name="Air", unit="1 l", price=0)


def test_a_confirmed_order_has_a_total(asha):
    with pytest.raises(IntegrityError, match="order_confirmed_has_total"):
        Order.objects.create(customer=asha, delivery_date=START, status="confirmed")


def test_a_customer_has_one_nightly_order_a_day(asha):
    Order.objects.create(customer=asha, delivery_date=START, kind="subscription")
    with pytest.raises(IntegrityError, match="order_nightly_once"):
        Order.objects.create(customer=asha, delivery_date=START, kind="subscription")


def test_a_customer_may_order_twice_for_one_day(asha):
    Order.objects.create(customer=asha, delivery_date=START)
    Order.objects.create(customer=asha, delivery_date=START)


def test_only_a_confirmed_order_is_delivered(asha):
    with pytest.raises(IntegrityError, match="order_delivered_was_confirmed"):
        Order.objects.create(customer=asha, delivery_date=START, delivered_at="2026-12-01T07:00+05:30")


def test_an_item_is_of_something(order, milk):
    with pytest.raises(IntegrityError, match="item_quantity_positive"):
        OrderItem.objects.create(order=order, product=milk, quantity=0)


def test_a_total_is_never_negative(order):
    with pytest.raises((IntegrityError, DataError)):
        Order.objects.filter(pk=order.pk).update(total=-1, status="cancelled")

"""Marketing: asking customers back, and announcing products."""

from datetime import date, timedelta

import pytest

from notifications import clock, outbox
from notifications.models import Message
from orders import actions, days, messages
from orders.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def opted_in(asha):
    return outbox.opt_in(asha.phone)


def test_a_customer_is_asked_back_once_for_each_pause(opted_in, subscription, texts_of):
    actions.pause(subscription, days.today() - timedelta(days=14))
    messages.churn_risk(subscription, clock.now())
    messages.churn_risk(subscription, clock.now())
    assert texts_of("churn_risk") == ["❤️ We miss you! Resume for 25% OFF"]
    actions.resume(subscription)
    actions.pause(subscription, days.today())
    messages.churn_risk(subscription, clock.now())
    assert len(texts_of("churn_risk")) == 2


def test_a_customer_whose_subscription_lapsed_is_asked_back_once(opted_in, subscription, texts_of):
    messages.churn_risk(subscription, clock.now())
    messages.churn_risk(subscription, clock.now())
    assert len(texts_of("churn_risk")) == 1


def test_who_has_resumed_is_not_asked_back_any_more(opted_in, subscription):
    actions.pause(subscription, days.today() - timedelta(days=14))
    messages.churn_risk(subscription, clock.now())
    actions.resume(subscription)
    assert Message.objects.get(kind="churn_risk").status == "cancelled"


def test_offers_need_an_opt_in(subscription):
    assert messages.churn_risk(subscription, clock.now()).status == "suppressed"


def test_a_product_is_announced_once_to_each_customer(opted_in, asha, milk, texts_of):
    milk.available_from = date(2026, 12, 1)
    bilal = Customer.objects.create(name="Bilal", phone="+919876543211", language="hi")
    outbox.opt_in(bilal.phone)
    assert messages.new_product(milk, Customer.objects.order_by("pk")) == 2
    assert messages.new_product(milk, Customer.objects.order_by("pk")) == 0
    assert texts_of("new_product") == [
        "🆕 Cow milk 500 ml available from December 1",
        "🆕 Cow milk 500 ml 1 दिसंबर से उपलब्ध है",
    ]


def test_an_announcement_carries_what_staff_may_write_into_the_text(opted_in, asha, milk):
    messages.new_product(milk, [asha])
    assert Message.objects.get().variables == {
        "customer_name": "Asha",
        "product": "Cow milk 500 ml",
        "product_id": str(milk.pk),
        "availability_date": str(days.today()),
        "price": "32.50",
    }

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from delivery import actions, messages
from delivery.models import Agent, Delivery
from notifications.models import Message
from orders import actions as orders
from orders import days

pytestmark = pytest.mark.django_db


def status_of(kind):
    return Message.objects.get(kind=kind).status


def test_a_confirmed_order_is_planned_for_its_day_and_area(delivery, order):
    assert (delivery.date, delivery.area, delivery.status) == (order.delivery_date, "Indiranagar", "pending")
    assert (delivery.slot_start, delivery.slot_end) == (time(6), time(8))


def test_planning_an_order_again_changes_nothing(order):
    actions.plan([order])
    assert Delivery.objects.count() == 1


def test_many_orders_are_planned_in_one_step(asha, milk, tomorrow, django_assert_max_num_queries):
    made = [orders.place_order(asha, tomorrow, [(milk, 1)]) for _ in range(5)]
    Delivery.objects.all().delete()
    with django_assert_max_num_queries(3):
        actions.plan(made)
    assert Delivery.objects.count() == 5


def test_a_cancelled_order_calls_its_delivery_off(order, delivery):
    orders.cancel(order)
    delivery.refresh_from_db()
    assert delivery.status == "cancelled"


def test_a_cancelled_order_is_not_reminded_of(order, delivery):
    messages.delivery_reminder(delivery)
    orders.cancel(order)
    assert status_of("delivery_reminder") == "cancelled"


def test_marking_delivered_tells_the_customer_and_the_order(delivery, order, texts_of):
    actions.mark_delivered(delivery)
    order.refresh_from_db()
    assert order.delivered_at == Delivery.objects.get().delivered_at
    assert texts_of("delivery_confirmed") == [
        f"✓ Delivery Confirmed for {delivery.date:%B} {delivery.date.day}"
    ]
    assert Message.objects.get(kind="delivery_confirmed").reference_id == f"order_{order.pk}"


@pytest.mark.parametrize("fields", [None, ["status"]])
def test_one_that_a_program_saves_as_delivered_has_its_moment_and_is_billed(
    delivery, order, texts_of, fields
):
    delivery.status = Delivery.Status.DELIVERED
    delivery.save(update_fields=fields)

    delivery.refresh_from_db()
    order.refresh_from_db()
    assert order.delivered_at == delivery.delivered_at is not None
    assert len(texts_of("delivery_confirmed")) == 1


@pytest.mark.parametrize("fields", [None, ["status"]])
def test_one_that_a_program_saves_as_not_delivered_has_its_moment_and_a_reason(delivery, fields):
    delivery.status = Delivery.Status.NOT_DELIVERED
    delivery.save(update_fields=fields)

    delivery.refresh_from_db()
    assert delivery.not_delivered_at
    assert delivery.reason == "other"


@pytest.mark.parametrize("status", ["delivered", "cancelled"])
def test_one_that_a_program_saves_as_something_else_has_no_reason_any_more(delivery, status):
    delivery = actions.mark_not_delivered(delivery, "nobody_home")
    delivery.status = status
    delivery.save()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.not_delivered_at, delivery.reason) == (status, None, "")


def test_marking_delivered_twice_tells_once_and_keeps_the_first_time(delivery, later, texts_of):
    actions.mark_delivered(delivery, at=later)
    assert actions.mark_delivered(delivery).delivered_at == later
    assert len(texts_of("delivery_confirmed")) == 1


def test_saving_a_delivered_delivery_again_tells_once(delivery, texts_of):
    actions.mark_delivered(delivery).save()
    assert len(texts_of("delivery_confirmed")) == 1


def test_what_is_delivered_is_not_late_any_more(delivery, later):
    actions.delay(delivery, later)
    actions.mark_delivered(delivery)
    assert status_of("delivery_delayed") == "cancelled"


def test_a_cancelled_delivery_is_not_marked_delivered(order, delivery):
    orders.cancel(order)
    with pytest.raises(ValidationError, match="is cancelled"):
        actions.mark_delivered(delivery)


def test_an_eta_that_moves_later_tells_the_customer(delivery, bilal, later, texts_of):
    delivery.agent = bilal
    delivery.save()
    actions.delay(delivery, later)
    message = Message.objects.get(kind="delivery_delayed")
    assert message.text == "⏰ Delivery ETA: 9:00 AM"
    assert message.variables["delivery_boy_phone"] == "+919876543299"
    assert message.expires_at == later + timedelta(hours=2)


def test_a_delay_that_a_program_writes_with_texts_is_told(order, delivery, later, texts_of):
    Delivery.objects.all().delete()
    row = Delivery.objects.create(
        order=order, date=str(order.delivery_date), slot_start="06:00", slot_end="08:00"
    )
    row.eta = later.isoformat()
    row.save()
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:00 AM"]


@pytest.mark.filterwarnings("ignore:.*received a naive datetime")
def test_an_eta_that_names_no_time_zone_is_indias(delivery, later, texts_of):
    delivery.eta = later.replace(tzinfo=None)
    delivery.save()
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:00 AM"]


def test_without_an_agent_the_customer_is_given_our_number(delivery, later, settings):
    settings.MYOPERATOR_PHONE_NUMBER = "+918000000001"
    actions.delay(delivery, later)
    assert Message.objects.get(kind="delivery_delayed").variables["delivery_boy_phone"] == "+918000000001"


def test_the_same_eta_twice_tells_once(delivery, later, texts_of):
    actions.delay(delivery, later)
    actions.delay(delivery, later)
    Delivery.objects.get().save()
    assert len(texts_of("delivery_delayed")) == 1


def test_every_later_eta_is_told(delivery, later, texts_of):
    actions.delay(delivery, later)
    actions.delay(delivery, later + timedelta(minutes=30))
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:00 AM", "⏰ Delivery ETA: 9:30 AM"]


def test_an_eta_that_moves_earlier_is_not_told(delivery, later, texts_of):
    actions.delay(delivery, later)
    actions.delay(delivery, later - timedelta(minutes=30))
    assert len(texts_of("delivery_delayed")) == 1


def test_a_first_eta_within_the_slot_is_no_delay(delivery, texts_of):
    actions.delay(delivery, delivery.slot_ends_at - timedelta(minutes=15))
    assert texts_of("delivery_delayed") == []


def test_an_eta_read_long_ago_is_compared_with_the_row(delivery, later, texts_of):
    stale = Delivery.objects.get()
    actions.delay(delivery, later)
    stale.eta = later - timedelta(minutes=10)
    stale.save()
    assert len(texts_of("delivery_delayed")) == 1


def test_what_is_over_cannot_be_delayed(delivery, later):
    actions.mark_delivered(delivery)
    with pytest.raises(ValidationError, match="is delivered"):
        actions.delay(delivery, later)


def test_a_reminder_goes_once_and_is_worthless_when_the_slot_begins(delivery, tomorrow, texts_of):
    messages.delivery_reminder(delivery)
    messages.delivery_reminder(delivery)
    assert texts_of("delivery_reminder") == [
        f"Your EarlyBird delivery scheduled for {tomorrow:%B} {tomorrow.day}"
    ]
    assert Message.objects.get(kind="delivery_reminder").expires_at == days.moment(tomorrow, time(6))


def test_messages_are_in_the_customers_language(asha, delivery, later, texts_of):
    asha.language = "hi"
    asha.save()
    actions.delay(delivery, later)
    assert texts_of("delivery_delayed") == ["⏰ डिलीवरी का अनुमानित समय: 9:00 AM"]


def test_nothing_is_told_where_notifications_are_off(delivery, settings):
    settings.EARLYBIRD_NOTIFY = False
    Message.objects.all().delete()
    actions.mark_delivered(delivery)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_delivery_whose_message_breaks_stays_undelivered(delivery, order, monkeypatch):
    monkeypatch.setattr("delivery.messages.delivery_confirmed", lambda delivery: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.mark_delivered(delivery)
    order.refresh_from_db()
    assert (Delivery.objects.get().status, order.delivered_at) == ("pending", None)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"slot_end": time(6)}, "delivery_slot_ends_after_start"),
        ({"status": "delivered"}, "delivery_delivered_has_time"),
        ({"status": "lost"}, "delivery_status_known"),
    ],
)
def test_a_delivery_that_makes_no_sense_cannot_be_stored(delivery, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Delivery.objects.update(**fields)


def test_an_agents_number_is_kept_as_e164(bilal):
    assert Agent.objects.get().phone == "+919876543299"

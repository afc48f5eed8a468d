"""What was brought and what was not; many at a time, and one message for each customer and day."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from delivery import actions, messages
from delivery.models import Delivery
from notifications.models import Message
from orders import actions as orders
from orders import days
from orders.models import Customer, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(asha, milk, tomorrow):
    """Another delivery to Asha on the same day."""
    return orders.place_order(asha, tomorrow, [(milk, 1)]).delivery


@pytest.fixture
def on_a_later_day(monkeypatch):
    """Move the clock on by so many days."""

    def move(number):
        later = days.moment(days.today() + timedelta(days=number), days.end_of(days.today()).time())
        monkeypatch.setattr("notifications.clock.now", lambda: later)

    return move


def many(milk, day, count, first=0):
    """Deliveries to so many customers."""
    for number in range(first, first + count):
        customer = Customer.objects.create(name=f"N{number}", phone=f"+9198450{number:05d}")
        orders.place_order(customer, day, [(milk, 1)])
    return Delivery.objects.filter(date=day)


def said():
    """Of deliveries: reference → status of what the customer is told."""
    rows = Message.objects.filter(kind="delivery_confirmed")
    return {row.reference_id: (row.status, row.error_code) for row in rows}


def about(delivery):
    return f"order_{delivery.order_id}"


def test_of_two_deliveries_to_one_customer_the_first_is_told_and_covers_the_second(delivery, second):
    actions.mark_delivered(second)
    actions.mark_delivered(delivery)

    assert said() == {about(second): ("queued", ""), about(delivery): ("suppressed", "covered")}
    covered = Message.objects.get(error_code="covered")
    assert covered.error == f"The customer is told of this by the message about {about(second)}."


def test_another_day_is_told_anew(delivery, asha, milk, tomorrow):
    actions.mark_delivered(delivery)
    actions.mark_delivered(orders.place_order(asha, tomorrow + timedelta(days=1), [(milk, 1)]).delivery)

    assert [status for status, _ in said().values()] == ["queued", "queued"]


def test_another_customer_is_told_too(delivery, imrans):
    actions.mark_delivered(delivery)
    actions.mark_delivered(imrans)

    assert [status for status, _ in said().values()] == ["queued", "queued"]


def test_many_are_marked_in_one_step_and_each_customer_is_told_once(delivery, second, imrans):
    outcome = actions.mark_many(Delivery.objects.all())

    assert {row.status for row in Delivery.objects.all()} == {"delivered"}
    assert len(outcome.done) == 3
    assert sorted(status for status, _ in said().values()) == ["queued", "queued", "suppressed"]
    assert not Order.objects.filter(delivered_at=None).exists()


def test_marking_many_says_what_marking_each_would_say(milk, tomorrow, delivery, imrans):
    actions.mark_many(Delivery.objects.filter(pk=delivery.pk))
    actions.mark_delivered(imrans)
    one, other = Message.objects.filter(kind="delivery_confirmed").order_by("pk")

    assert one.variables.keys() == other.variables.keys()
    assert (one.text, one.language, one.status) == (other.text, other.language, other.status)


def test_many_again_changes_nothing(delivery, second):
    first = actions.mark_many(Delivery.objects.all())
    again = actions.mark_many(Delivery.objects.all())

    assert [row.delivered_at for row in again.done] == [row.delivered_at for row in first.done]
    assert Message.objects.filter(kind="delivery_confirmed").count() == 2


def test_what_cannot_be_marked_is_named_and_the_others_are_marked(order, delivery, imrans):
    orders.cancel(order)
    outcome = actions.mark_many(Delivery.objects.all())

    assert [row.pk for row in outcome.done] == [imrans.pk]
    assert [(row.delivery.pk, row.why) for row in outcome.refused] == [
        (delivery.pk, f"The delivery of order {order} is cancelled.")
    ]


def test_what_was_to_be_said_of_their_coming_is_withdrawn(delivery, imrans, later):
    messages.delivery_reminder(delivery)
    actions.delay(imrans, later)
    actions.mark_many(Delivery.objects.all())

    about_coming = Message.objects.filter(kind__in=("delivery_reminder", "delivery_delayed"))
    assert {message.status for message in about_coming} == {"cancelled"}


def test_sixty_take_as_many_statements_as_three(milk, tomorrow):
    rows = many(milk, tomorrow, 63)
    counts = []
    for ids in (rows.order_by("pk")[:3], rows.order_by("-pk")[:60]):
        chosen = Delivery.objects.filter(pk__in=[row.pk for row in ids])
        with CaptureQueriesContext(connection) as captured:
            actions.mark_many(chosen)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 15
    assert Delivery.objects.filter(status="delivered").count() == 63


def test_many_are_told_nothing_where_notifications_are_off(delivery, imrans, settings):
    settings.EARLYBIRD_NOTIFY = False
    actions.mark_many(Delivery.objects.all())
    assert said() == {}


@pytest.mark.django_db(transaction=True)
def test_where_the_messages_break_none_is_marked(delivery, imrans, monkeypatch):
    monkeypatch.setattr("delivery.messages.deliveries_confirmed", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.mark_many(Delivery.objects.all())
    assert {row.status for row in Delivery.objects.all()} == {"pending"}


def test_what_is_not_delivered_has_a_reason_and_is_not_billed(delivery, order):
    row = actions.mark_not_delivered(delivery, "door_locked", " Gate shut ")
    order.refresh_from_db()

    assert (row.status, row.reason, row.note) == ("not_delivered", "door_locked", "Gate shut")
    assert order.delivered_at is None
    assert said() == {}


def test_what_is_not_delivered_is_not_reminded_of(delivery):
    messages.delivery_reminder(delivery)
    actions.mark_not_delivered(delivery, "damaged")
    assert Message.objects.get(kind="delivery_reminder").status == "cancelled"


def test_a_reason_may_be_corrected_and_the_time_stays(delivery):
    first = actions.mark_not_delivered(delivery, "nobody_home", "Rang twice")
    again = actions.mark_not_delivered(delivery, "address_not_found")
    assert (again.reason, again.note) == ("address_not_found", "Rang twice")
    assert again.not_delivered_at == first.not_delivered_at


@pytest.mark.parametrize(("reason", "note", "field"), [("lost", "", "reason"), ("other", " ", "note")])
def test_a_reason_that_says_nothing_is_refused(delivery, reason, note, field):
    with pytest.raises(ValidationError) as refused:
        actions.mark_not_delivered(delivery, reason, note)
    assert list(refused.value.message_dict) == [field]


def test_what_was_delivered_is_not_marked_otherwise(delivery):
    actions.mark_delivered(delivery)
    with pytest.raises(ValidationError, match="is delivered"):
        actions.mark_not_delivered(delivery, "damaged")


def test_marked_not_delivered_by_mistake_it_is_marked_delivered_on_the_same_day(delivery, order):
    actions.mark_not_delivered(delivery, "nobody_home")
    row = actions.mark_delivered(delivery)
    order.refresh_from_db()

    assert (row.status, row.reason, row.not_delivered_at) == ("delivered", "", None)
    assert order.delivered_at == row.delivered_at
    assert said() == {about(delivery): ("queued", "")}


def test_on_a_later_day_it_is_not(delivery, on_a_later_day):
    actions.mark_not_delivered(delivery, "nobody_home")
    on_a_later_day(1)

    with pytest.raises(ValidationError, match="only on that day"):
        actions.mark_delivered(delivery)
    (refused,) = actions.mark_many(Delivery.objects.all()).refused
    assert refused.why.endswith("brought since.")


def test_the_order_of_what_was_not_delivered_can_still_be_cancelled(delivery, order):
    actions.mark_not_delivered(delivery, "out_of_stock")
    orders.cancel(order)
    row = Delivery.objects.get()
    assert (row.status, row.reason, row.not_delivered_at) == ("cancelled", "", None)


@pytest.mark.parametrize("fields", [{"status": "not_delivered"}, {"reason": "damaged"}])
def test_a_reason_and_the_status_go_together(delivery, fields):
    with pytest.raises(IntegrityError, match="delivery_not_delivered_has_reason"):
        Delivery.objects.update(**fields)

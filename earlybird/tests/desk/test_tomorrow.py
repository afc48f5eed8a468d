"""“What would they get tomorrow?”: what the page promises is what the jobs then do."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from billing.models import Bill
from delivery.models import Delivery
from earlybird.desk import tomorrow
from earlybird.tests.desk.conftest import page_of
from jobs.models import Job
from jobs.ticking import tick
from notifications import clock, outbox, staff, wishes
from notifications.engine.claim import claim
from notifications.models import Message, MessageTemplate, QueuedMessage
from orders import actions, announcements, days
from orders.models import Announcement, Customer, Offer, Order, Subscription

# Noon comes first: what a fixture queued by the hour the test runs at might not be due yet at noon.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
ASHA = "+919876543210"


@pytest.fixture
def evening(at_noon):
    """Noon, and a way to go to tonight's jobs and to tomorrow's."""

    def until(moment):
        at_noon.set(moment)
        tick(clock.now())

    tick(clock.now())  # what is due by noon is done
    until.set = at_noon.set
    return until


@pytest.fixture
def daily(asha, milk):
    row = Subscription.objects.create(
        customer=asha, product=milk, quantity=2, start=days.today() - timedelta(days=9)
    )
    Message.objects.all().delete()
    return row


def tonight(minute=30):
    return days.moment(days.today(), time(21, minute))


def promised(customer, kind):
    return [one for one in tomorrow.foresee(customer).messages if one.kind.code == kind]


def texts(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("text", "status", "error"))


def test_the_order_of_tonight_is_what_the_night_then_makes(asha, milk, curd, daily, evening):
    Subscription.objects.create(customer=asha, product=curd, start=days.today() - timedelta(days=1))
    brought = tomorrow.foresee(asha).brought
    assert [str(item) for item in brought[0].items] == ["2 × Cow milk 500 ml", "1 × Curd 400 g"]
    assert not Order.objects.exists()

    evening(tonight())

    order = Order.objects.get()
    assert [str(item) for item in order.items.all()] == [str(item) for item in brought[0].items]
    assert (order.total, order.discount, order.delivery_date) == (
        brought[0].total,
        brought[0].discount,
        brought[0].delivery.date,
    )


def test_the_reminder_reads_as_the_one_that_then_goes(asha, daily, evening):
    (one,) = promised(asha, "delivery_reminder")

    evening(tonight())

    assert texts("delivery_reminder") == [(one.text, "queued", "")]


def test_an_offer_is_in_the_price_as_it_will_be(asha, daily, evening):
    Offer.objects.create(
        customer=asha, subscription=daily, cause="x", made_at=clock.now(), until=clock.now() + timedelta(days=7),
        earned_at=clock.now(),
    )  # fmt: skip
    (brought,) = tomorrow.foresee(asha).brought

    evening(tonight())

    assert Order.objects.get().total == brought.total
    assert brought.discount > 0


WAYS = {
    "opted_out": lambda: wishes.change(ASHA, {"enabled": False}, how="api"),
    "category_off": lambda: wishes.change(ASHA, {"delivery": False}, how="api"),
    "unreachable": lambda: wishes.change(ASHA, {"unreachable_at": clock.now()}, how="provider"),
    "template_off": lambda: MessageTemplate.objects.filter(kind="delivery_reminder").update(active=False),
    "cannot_render": lambda: MessageTemplate.objects.filter(kind="delivery_reminder").update(
        content="{{ 1 + 1 }}"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_stands_in_the_way_is_said_in_the_words_the_log_will_have(asha, daily, evening, way):
    WAYS[way]()
    (one,) = promised(asha, "delivery_reminder")
    assert (one.code, one.tone, one.goes_at) == (way, "quiet", None)

    evening(tonight())

    message = Message.objects.get(kind="delivery_reminder")
    assert (message.error_code, message.error) == (one.code, one.sentence)


def test_quiet_hours_that_last_past_the_delivery_make_it_too_late(asha, daily, evening):
    wishes.change(ASHA, {"quiet_from": time(20), "quiet_until": time(7)}, how="api")

    (one,) = promised(asha, "delivery_reminder")

    assert one.goes_at is None
    assert "It would be too late" in one.sentence
    assert "their do-not-disturb" in one.sentence


def test_quiet_hours_that_end_in_time_put_it_off(asha, daily, evening):
    wishes.change(ASHA, {"quiet_from": time(20), "quiet_until": time(5)}, how="api")

    (one,) = promised(asha, "delivery_reminder")

    assert one.goes_at == days.moment(days.today() + timedelta(days=1), time(5))


def test_a_pause_brings_nothing_and_is_said_so(desk, asha, daily, evening):
    actions.pause(daily, days.today() + timedelta(days=1))

    found = tomorrow.foresee(asha)
    assert (found.brought, promised(asha, "delivery_reminder")) == ([], [])
    html = desk.get(page_of(asha)).content.decode()
    assert "no subscription brings anything that day" in html

    evening(tonight())
    assert not Order.objects.exists()


def test_after_the_night_the_order_that_was_made_is_shown(asha, daily, evening):
    evening(tonight())

    (brought,) = tomorrow.foresee(asha).brought

    assert brought.order == Order.objects.get()
    assert brought.made_at is None


def test_a_reminder_that_was_made_is_not_promised_again_but_waits(asha, daily, evening):
    evening(tonight())

    found = tomorrow.foresee(asha)

    assert promised(asha, "delivery_reminder") == []
    assert [one.label for one in found.waiting] == ["Delivery tomorrow"]


def test_who_orders_after_the_reminders_is_not_promised_one(asha, milk, evening):
    evening(tonight())
    actions.place_order(asha, days.today() + timedelta(days=1), [(milk, 1)])

    assert promised(asha, "delivery_reminder") == []


def test_a_job_that_is_switched_off_promises_nothing(asha, daily, evening):
    Job.objects.filter(code="nightly_orders").update(active=False)

    assert tomorrow.foresee(asha).brought == []


def test_an_order_that_is_placed_already_is_in_it(asha, milk, order, evening):
    (brought,) = tomorrow.foresee(asha).brought

    assert brought.order == order
    assert len(promised(asha, "delivery_reminder")) == 1


def test_a_cancelled_order_is_not(asha, order, evening):
    actions.cancel(order)

    found = tomorrow.foresee(asha)

    assert (found.brought, found.messages) == ([], [])


def test_the_confirmation_reads_as_it_will_when_it_is_delivered(asha, order, evening):
    (one,) = promised(asha, "delivery_confirmed")
    assert one.sentence == "Goes when the delivery is marked delivered."

    delivery = Delivery.objects.get()
    delivery.status, delivery.delivered_at = "delivered", clock.now()
    delivery.save()

    assert texts("delivery_confirmed") == [(one.text, "queued", "")]


def coming_month():
    """The first of the next month but one: ahead of today, whenever that is."""
    return (days.today().replace(day=1) + timedelta(days=63)).replace(day=1)


def due_tomorrow(asha):
    """Asha's bill of October, reminded of two days ago."""
    tomorrow = days.today() + timedelta(days=1)
    Bill.objects.create(customer=asha, month=date(2026, 10, 1), amount="450.50", due_date=tomorrow)
    Bill.objects.update(created_at=clock.now() - timedelta(days=9), reminded_for=tomorrow - timedelta(days=3))


def test_a_bill_that_is_due_tomorrow_is_asked_for_as_the_job_then_does(asha, evening):
    ninth = coming_month() + timedelta(days=8)
    evening(days.moment(ninth, time(12)))
    due_tomorrow(asha)
    (one,) = promised(asha, "payment_reminder")

    evening(days.moment(ninth + timedelta(days=1), time(10, 30)))

    assert texts("payment_reminder") == [(one.text, "queued", "")]


def test_a_bill_that_the_new_months_bills_take_up_is_not_asked_for_tomorrow(asha, evening):
    first = coming_month()
    evening(days.moment(first - timedelta(days=1), time(12)))
    due_tomorrow(asha)
    assert promised(asha, "payment_reminder") == []

    evening(days.moment(first, time(10, 30)))

    assert texts("payment_reminder") == []
    assert Bill.objects.get(carried_to=None).previous_balance == Decimal("450.50")


def test_a_bill_that_is_not_due_is_not_asked_for(asha, evening):
    Bill.objects.create(
        customer=asha, month=date(2026, 10, 1), amount="450.50", due_date=days.today() + timedelta(days=25)
    )

    assert promised(asha, "payment_reminder") == []


def test_who_is_asked_back_tomorrow_is_foreseen(asha, milk, evening, settings):
    row = Subscription.objects.create(customer=asha, product=milk, start=days.today() - timedelta(days=60))
    row.pauses.create(from_date=days.today() + timedelta(days=1 - settings.CHURN_DAYS))
    Subscription.objects.update(status="paused")
    outbox.opt_in(ASHA)
    (one,) = promised(asha, "churn_risk")
    assert one.goes_at.date() == days.today() + timedelta(days=1)

    evening(days.moment(days.today() + timedelta(days=1), time(11, 30)))

    assert texts("churn_risk") == [(one.text, "queued", "")]


def test_who_did_not_ask_for_offers_is_foreseen_not_to_get_one(asha, milk, evening, settings):
    row = Subscription.objects.create(customer=asha, product=milk, start=days.today() - timedelta(days=60))
    row.pauses.create(from_date=days.today() + timedelta(days=1 - settings.CHURN_DAYS))
    Subscription.objects.update(status="paused")

    (one,) = promised(asha, "churn_risk")

    assert one.sentence == "The customer has not asked for offers."


def test_an_announcement_that_will_reach_them_is_foreseen(asha, milk, evening):
    outbox.opt_in(ASHA)
    at = clock.now() + timedelta(hours=20)
    announcements.start(Announcement.objects.create(product=milk, at=at))
    (one,) = promised(asha, "new_product")

    announcements.advance(at)

    assert texts("new_product") == [(one.text, "queued", "")]


@pytest.mark.parametrize("given", [{"areas": ["Elsewhere"]}, {"at": datetime(2999, 1, 1)}])
def test_an_announcement_for_others_or_for_later_is_not(asha, milk, evening, given):
    at = clock.now() + timedelta(hours=20)
    wanted = {"product": milk, "at": at} | given
    if wanted["at"].tzinfo is None:
        wanted["at"] = days.moment(wanted["at"].date(), time(12))
    announcements.start(Announcement.objects.create(**wanted))

    assert promised(asha, "new_product") == []


def test_what_waits_in_the_queue_is_shown_with_when_and_why(desk, asha, evening):
    message = outbox.queue(
        "pause_confirmation", to=ASHA, variables={"customer_name": "Asha", "resume_date": "2026-12-15"}
    )
    later = clock.now() + timedelta(hours=2)
    QueuedMessage.objects.filter(pk=message.pk).update(due_at=later, waits_for="quiet_hours")

    (one,) = tomorrow.foresee(asha).waiting

    assert (one.goes_at, one.text) == (later, "⏸️ Subscription paused until December 15")
    assert "it waits for decent hours" in one.sentence


def test_what_waits_and_would_be_ended_by_a_wish_is_said_to(asha, order, evening):
    wishes.change(ASHA, {"unreachable_at": clock.now()}, how="provider")

    (one,) = tomorrow.foresee(asha).waiting

    assert (one.code, one.goes_at) == ("unreachable", None)
    claim(10, clock.now(), deadline=15)
    assert Message.objects.get(pk=one.message.pk).error_code == "unreachable"


def test_while_the_channel_is_closed_it_is_said(desk, asha, evening):
    staff.stop_channel("bilal", "Wait.")

    assert "Nothing goes to anybody while the channel is closed." in desk.get(page_of(asha)).content.decode()


def test_looking_records_nothing(desk, asha, daily, order, evening):
    before = Message.objects.count(), Order.objects.count(), Delivery.objects.count()

    desk.get(page_of(asha))

    assert (Message.objects.count(), Order.objects.count(), Delivery.objects.count()) == before


def test_somebody_new_is_brought_and_told_nothing(desk, evening):
    somebody = Customer.objects.create(name="New", phone="98765 43288")

    html = desk.get(page_of(somebody)).content.decode()

    assert "They were told nothing yet." in html
    assert "None is foreseen." in html

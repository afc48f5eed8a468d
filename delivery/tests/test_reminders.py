"""The evening before: everybody whose delivery is tomorrow is reminded, once."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery import actions, daily
from delivery.models import Delivery
from delivery.tests.test_marking import many
from jobs import registry
from notifications import clock
from notifications.models import Message
from orders import actions as orders
from orders import days
from orders.models import Customer, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def progress():
    """What staff saw of the job: (done, total)."""
    seen = []

    def progress(done, total=None):
        seen.append((done, total))

    progress.seen = seen
    return progress


@pytest.fixture
def tonight(tomorrow):
    """The day whose evening it is."""
    return tomorrow - timedelta(days=1)


def reminders(status="queued"):
    return set(
        Message.objects.filter(kind="delivery_reminder", status=status).values_list("reference_id", flat=True)
    )


def about(*deliveries):
    return {f"order_{delivery.order_id}" for delivery in deliveries}


def at(monkeypatch, day, clock):
    monkeypatch.setattr("notifications.clock.now", lambda: days.moment(day, clock))


def test_every_delivery_of_tomorrow_is_reminded_of(delivery, imrans, tonight, progress):
    assert daily.remind(tonight, progress) == f"Deliveries of {delivery.date:%-d %B}: 2. Reminders made: 2."
    assert reminders() == about(delivery, imrans)
    assert progress.seen == [(0, 2), (2, 2)]


def test_the_erased_are_not_reminded(delivery, imrans, tonight, progress):
    Customer.objects.filter(name="Imran").update(erased_at=clock.now())
    daily.remind(tonight, progress)
    assert reminders() == about(delivery)


def test_the_job_again_reminds_nobody_twice(delivery, imrans, tonight, progress):
    daily.remind(tonight, progress)
    assert daily.remind(tonight, progress).endswith(": 2. Reminders made: 0.")
    assert Message.objects.filter(kind="delivery_reminder").count() == 2


def test_a_job_that_broke_half_way_reminds_the_others(milk, tomorrow, tonight, progress, monkeypatch):
    many(milk, tomorrow, 5)
    monkeypatch.setattr(daily, "CHUNK", 2)

    def breaks(done, total=None):
        if done == 2:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        daily.remind(tonight, breaks)
    assert len(reminders()) == 2
    assert daily.remind(tonight, progress).endswith(": 5. Reminders made: 3.")
    assert progress.seen == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_thirty_take_as_many_statements_as_three(milk, tomorrow, tonight, progress):
    day, counts = tomorrow + timedelta(days=1), []
    few, more = many(milk, tomorrow, 3), many(milk, day, 30, first=100)
    for rows, evening in ((few, tonight), (more, tomorrow)):
        with CaptureQueriesContext(connection) as captured:
            daily.remind(evening, progress)
        counts.append((rows.count(), len(captured)))
    assert counts[0][0] * 10 == counts[1][0]
    assert counts[0][1] == counts[1][1]


def test_other_days_are_not_reminded_of(delivery, asha, milk, tomorrow, tonight, progress):
    orders.place_order(asha, tomorrow + timedelta(days=1), [(milk, 1)])
    daily.remind(tonight, progress)
    assert reminders() == about(delivery)


def test_what_is_over_or_called_off_is_not_reminded_of(delivery, order, imrans, tonight, progress):
    orders.cancel(order)
    actions.mark_delivered(imrans)
    assert daily.remind(tonight, progress) == f"Nothing to bring on {delivery.date:%-d %B}."
    assert reminders() == set()


def test_an_order_that_is_not_confirmed_is_not_reminded_of(delivery, tonight, progress):
    Order.objects.update(status="pending")
    daily.remind(tonight, progress)
    assert reminders() == set()


def test_a_reminder_is_withdrawn_when_its_order_is_cancelled(delivery, order, imrans, tonight, progress):
    daily.remind(tonight, progress)
    orders.cancel(order)
    assert (reminders(), reminders("cancelled")) == (about(imrans), about(delivery))


def test_a_reminder_is_worthless_when_the_slot_begins(delivery, tonight, progress):
    Delivery.objects.update(slot_start=time(6, 30))
    daily.remind(tonight, progress)
    reminder = Message.objects.get(kind="delivery_reminder")
    assert reminder.expires_at == days.moment(delivery.date, time(6, 30))


def test_before_the_slot_begins_it_is_still_in_time(delivery, tomorrow, tonight, progress, monkeypatch):
    at(monkeypatch, tomorrow, time(5, 59))
    assert daily.remind(tonight, progress).endswith("Reminders made: 1.")


def test_once_the_slot_has_begun_none_is_made_and_it_says_so(
    delivery, tomorrow, tonight, progress, monkeypatch
):
    at(monkeypatch, tomorrow, time(6))
    assert daily.remind(tonight, progress) == f"No reminders: the deliveries of {tomorrow:%-d %B} had begun."
    assert reminders() == reminders("expired") == set()


def test_those_whose_slot_begins_later_are_still_reminded(
    delivery, imrans, tomorrow, tonight, progress, monkeypatch
):
    Delivery.objects.filter(pk=imrans.pk).update(slot_start=time(17), slot_end=time(19))
    at(monkeypatch, tomorrow, time(7))
    assert daily.remind(tonight, progress).endswith("Reminders made: 1. Too late, their slot had begun: 1.")
    assert reminders() == about(imrans)


def test_a_day_that_is_over_is_left(delivery, tomorrow, tonight, progress, monkeypatch):
    at(monkeypatch, tomorrow + timedelta(days=1), time(1))
    assert daily.remind(tonight, progress) == f"No reminders: {tomorrow} is over."


def test_the_job_comes_at_nine_after_tomorrows_orders_were_made():
    job = registry.get("delivery_reminders")
    assert (job.at, job.after, job.run) == (time(21), "nightly_orders", daily.remind)

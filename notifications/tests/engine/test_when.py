"""What a due message still has to pass: consent, hours, its place in the queue; and when the loop looks."""

import sys
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from notifications import clock, outbox, registry
from notifications.engine.claim import claim
from notifications.engine.drain import Engine
from notifications.models import Channel, NotificationPreference, QueuedMessage
from notifications.providers.base import NotSent
from notifications.schedule import IST
from notifications.tests.conftest import ASHA, BILAL, NEWS
from notifications.tests.engine.conftest import drained, events, many, news, offer, status, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def house_hours(settings):
    settings.NOTIFICATION_REMINDER_HOURS, settings.NOTIFICATION_MARKETING_HOURS = "07:00-21:00", "10:00-20:00"


def at(hour, minute=0, day=1):
    return datetime(2027, 3, day, hour, minute, tzinfo=IST)


@pytest.mark.parametrize(
    ("wish", "code"),
    [({"enabled": False}, "opted_out"), ({"order": False}, "category_off")],
)
def test_who_opts_out_after_it_was_queued_is_not_written_to(engine, asked, wish, code):
    message = news()
    NotificationPreference.objects.create(phone=ASHA, **wish)
    drained(engine)

    message.refresh_from_db()
    assert (message.status, message.error_code, asked.texts) == ("suppressed", code, [])
    assert events(message) == ["suppressed"]
    assert not QueuedMessage.objects.exists()


def test_an_offer_at_night_waits_for_the_house_to_open(engine, asked, moved, house_hours):
    moved.set(at(22))
    message = offer()
    drained(engine)

    assert (status(message), waiting(message).due_at) == ("queued", at(10, day=2))
    assert asked.texts == []

    moved.set(at(10, 1, day=2))
    drained(engine)
    assert status(message) == "sent"


@pytest.mark.parametrize(
    ("asked_at", "worthless_at", "becomes"),
    [
        (at(21, 5), at(6, day=2), "sent"),
        (at(22, 5), at(6, day=2), "queued"),
        (at(21, 5), at(8, day=2), "queued"),
    ],
)
def test_a_reminder_goes_after_hours_until_last_call_if_it_would_be_worthless_by_morning(
    engine, moved, house_hours, monkeypatch, asked_at, worthless_at, becomes
):
    monkeypatch.setitem(registry._kinds, NEWS.code, replace(NEWS, hours="reminder"))
    moved.set(asked_at)
    message = outbox.queue(NEWS.code, to=ASHA, variables={"name": "Asha"}, expires_at=worthless_at)
    drained(engine)

    assert status(message) == becomes


def test_staff_who_ask_for_it_now_pass_the_houses_hours(engine, moved, house_hours):
    moved.set(at(22))
    message = offer()
    QueuedMessage.objects.update(passes_hours=True)
    drained(engine)

    assert status(message) == "sent"


def disturb_not(start, end):
    NotificationPreference.objects.create(phone=ASHA, quiet_from=start, quiet_until=end)


@pytest.mark.parametrize(("now", "until"), [(at(23), at(6, day=2)), (at(3, day=2), at(6, day=2))])
def test_do_not_disturb_holds_across_midnight(engine, asked, moved, now, until):
    moved.set(now)
    disturb_not(time(22), time(6))
    message = news()
    drained(engine)

    assert waiting(message).due_at == until
    assert events(message) == ["put_off"]


def test_urgent_messages_pass_do_not_disturb(engine, moved):
    moved.set(at(23))
    disturb_not(time(22), time(6))
    message = outbox.queue("test_alarm", to=ASHA, variables={})
    drained(engine)

    assert status(message) == "sent"


def test_urgent_goes_before_utility_and_utility_before_offers(engine, asked, moved):
    outbox.opt_in(BILAL)
    for kind in ("test_offer", "test_news", "test_alarm"):
        outbox.queue(kind, to=BILAL, variables={"name": "Bilal"})
        moved.forward(seconds=1)
    engine.slots.width = engine.slots.most = 1
    drained(engine)

    assert asked.texts == ["Late", "Hello Bilal", "An offer"]


def test_a_campaign_of_thousands_does_not_keep_urgent_or_utility_messages_waiting(engine, moved):
    numbers = [f"+9197{n:08d}" for n in range(3000)]
    NotificationPreference.objects.bulk_create(
        NotificationPreference(phone=number, marketing_opt_in_at=clock.now()) for number in numbers
    )
    assert outbox.queue_many("test_offer", (outbox.Item(number, {}) for number in numbers)) == 3000
    moved.forward(hours=1)
    utility, urgent = news(), outbox.queue("test_alarm", to=BILAL, variables={})

    claimed = claim(5, clock.now(), deadline=15).jobs

    assert [job.claimed.message_id for job in claimed[:2]] == [urgent.pk, utility.pk]
    assert len(claimed) == 5


@pytest.fixture
def claims(monkeypatch):
    """The claims a drain makes."""
    made = []

    def counted(*args, **options):
        made.append(args)
        return claim(*args, **options)

    monkeypatch.setattr(sys.modules[Engine.__module__], "claim", counted)
    return made


def test_a_channel_that_staff_stopped_is_not_asked_in_a_loop(engine, claims):
    many(3)
    Channel.objects.update_or_create(number="", defaults={"state": "stopped"})
    drained(engine)

    assert len(claims) == 1


def test_a_channel_in_an_outage_is_not_asked_in_a_loop(engine, asked, claims):
    asked.always = NotSent("Refused.", "refused")
    many(3)
    drained(engine)
    claims.clear()
    engine.drain(1.0)

    assert len(claims) <= 2


def test_a_pace_that_is_spoken_for_is_asked_at_most_every_twentieth_of_a_second(engine, claims, settings):
    settings.MYOPERATOR_RATE_LIMIT = 1
    many(40)
    engine.drain(1.0)

    assert len(claims) <= 25


def test_a_drain_ends_when_nothing_is_due(engine):
    assert engine.drain(60.0) is False  # and does not wait for the minute


def test_a_drain_says_when_it_leaves_work(engine):
    many(5)
    engine.stopping = lambda: True

    assert engine.drain(5.0) is True


def test_what_is_due_within_a_second_is_waited_for(engine, asked):
    message = news(at=clock.now() + timedelta(seconds=0.4))
    drained(engine)

    assert status(message) == "sent"

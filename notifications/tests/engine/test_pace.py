"""The channel's pace and each person's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import clock, outbox
from notifications.channel import AHEAD_SECONDS
from notifications.engine.claim import claim
from notifications.models import Channel, Message, NotificationPreference, QueuedMessage
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.engine.conftest import drained, looked, many, news, status

pytestmark = pytest.mark.django_db


def test_the_kth_of_two_hundred_to_one_person_is_put_off_by_six_k_at_once(engine, asked, moved):
    before = clock.now()
    outbox.queue_many("test_news", [outbox.Item(ASHA, {"name": n}) for n in range(200)])
    drained(engine)

    assert len(asked.texts) == 5
    waits = [
        (due - before).total_seconds()
        for due in QueuedMessage.objects.order_by("due_at").values_list("due_at", flat=True)
    ]
    assert len(waits) == 195
    # A drain of a second or two real time lets the first of them slip by as much.
    assert all(6 * k <= wait <= 6 * k + 5 for k, wait in enumerate(waits, start=1))
    assert set(QueuedMessage.objects.values_list("spaced", flat=True)) == {True}


def test_what_was_spaced_goes_when_its_time_comes(engine, asked, moved):
    outbox.queue_many("test_news", [outbox.Item(ASHA, {"name": n}) for n in range(10)])
    drained(engine)
    moved.forward(seconds=6 * 5 + 5)
    drained(engine)

    assert len(asked.texts) == 10


def test_one_persons_two_hundred_do_not_delay_another(engine):
    outbox.queue_many("test_news", [outbox.Item(ASHA, {"name": n}) for n in range(200)])
    message = news(name="Bilal", to=BILAL)
    drained(engine)

    assert status(message) == "sent"


def test_starts_are_one_rate_apart(texts, settings):
    settings.MYOPERATOR_RATE_LIMIT = 20
    many(5)
    starts = [job.start_at for job in claim(5, clock.now(), deadline=15).jobs]

    assert [round(later - starts[0], 3) for later in starts] == pytest.approx(
        [0, 0.05, 0.1, 0.15, 0.2], abs=0.01
    )


def test_a_claim_reaches_only_so_far_ahead_that_what_is_urgent_soon_has_its_turn(texts, settings):
    settings.MYOPERATOR_RATE_LIMIT = 100
    many(50)

    assert len(claim(50, clock.now(), deadline=15).jobs) == int(100 * AHEAD_SECONDS) == 30


def test_two_claims_never_overlap_in_the_pace(texts, settings):
    settings.MYOPERATOR_RATE_LIMIT = 40
    many(20)
    first = [job.start_at for job in claim(4, clock.now(), deadline=15).jobs]
    second = [job.start_at for job in claim(4, clock.now(), deadline=15).jobs]

    assert (len(first), len(second)) == (4, 4)
    assert min(second) - max(first) == pytest.approx(0.025, abs=0.02)


def test_a_message_that_cannot_go_takes_no_place_in_the_pace(texts, settings):
    settings.MYOPERATOR_RATE_LIMIT = 40
    many(20)
    NotificationPreference.objects.bulk_create(
        NotificationPreference(phone=phone, enabled=False)
        for phone in Message.objects.order_by("pk").values_list("phone", flat=True)[:5]
    )

    assert claim(5, clock.now(), deadline=15).jobs == []
    assert len(claim(10, clock.now(), deadline=15).jobs) >= 9


def test_a_clock_of_the_database_that_was_set_back_stops_nobody(engine, asked):
    many(1)
    drained(engine)
    Channel.objects.update(next_free_at=timezone.now() + timedelta(hours=1))
    news()
    drained(engine)

    assert len(asked.texts) == 2


def test_a_pace_of_less_than_one_a_second_is_kept(engine, asked, settings):
    settings.MYOPERATOR_RATE_LIMIT = 0.05
    many(2)
    looked(engine)
    looked(engine)

    assert len(asked.texts) == 1

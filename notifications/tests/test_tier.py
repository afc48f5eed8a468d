"""How many people we wrote to first in 24 hours, and the warning before WhatsApp refuses more."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from notifications import tasks, tier
from notifications.models import Attempt, InboundMessage, Message, Reach
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def hours(count):
    return timedelta(hours=count)


def tried(phone, ago, outcome="accepted"):
    at = NOW - hours(ago)
    message = Message.objects.create(phone=phone, kind="x", created_at=at, expires_at=at + hours(24))
    return Attempt.objects.create(message_id=message.pk, number=1, outcome=outcome, created_at=at)


def tried_many(count, ago=1):
    for n in range(count):
        tried(f"+9197{n:08d}", ago)


def wrote(phone, ago):
    at = NOW - hours(ago)
    InboundMessage.objects.create(
        phone=phone, type="text", received_at=at, provider_message_id=f"{phone}{ago}", webhook_event_id=1
    )


@pytest.fixture(autouse=True)
def _tier(settings):
    settings.MYOPERATOR_TIER = "10"


@pytest.fixture
def warnings(caplog):
    caplog.set_level(logging.WARNING, "notifications.tier")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "notifications.tier"]


def test_nobody_is_nobody():
    assert tier.written_to(NOW) == 0


def test_a_person_counts_once_however_many_messages_they_got():
    tried(ASHA, 5)
    tried(ASHA, 1)
    tried(BILAL, 1)

    assert tier.written_to(NOW) == 2


def test_after_24_hours_a_person_counts_no_more():
    tried(ASHA, 30)
    tried(BILAL, 23)

    assert tier.written_to(NOW) == 1
    assert tier.written_to(NOW + hours(2)) == 0


def test_times_that_are_minutes_out_of_step_with_the_ids_lose_nobody():
    tried(ASHA, 23.9)
    tried(BILAL, 24.1)
    tried("+919876543212", 23.8)

    assert tier.written_to(NOW) == 2


@pytest.mark.parametrize(
    ("outcome", "people"),
    [("accepted", 1), ("uncertain", 1), ("rejected", 0), ("not_sent", 0), ("too_fast", 0), ("not_now", 0)],
)
def test_what_may_have_reached_somebody_counts(outcome, people):
    tried(ASHA, 1, outcome)

    assert tier.written_to(NOW) == people


def test_an_answer_within_24_hours_of_what_the_customer_wrote_does_not_count():
    wrote(ASHA, 20)
    tried(ASHA, 1)

    assert tier.written_to(NOW) == 0


def test_who_wrote_after_our_message_was_still_written_to_first():
    tried(ASHA, 5)
    wrote(ASHA, 4)

    assert tier.written_to(NOW) == 1


def test_who_wrote_longer_ago_is_written_to_first():
    wrote(ASHA, 26)
    tried(ASHA, 1)

    assert tier.written_to(NOW) == 1


def test_the_log_warns_once_at_80_percent_and_once_at_100(warnings):
    tried_many(7)
    tier.count(NOW)
    assert warnings() == []

    tried(ASHA, 1)
    tier.count(NOW)
    tier.count(NOW)
    assert warnings() == [
        "wrote to 8 people in 24 hours: 80 % of the 10 that MYOPERATOR_TIER says WhatsApp allows"
    ]

    tried_many(10)
    tier.count(NOW)
    tier.count(NOW)
    assert len(warnings()) == 2
    assert "11 people" in warnings()[1]


def test_the_next_day_is_warned_of_again(warnings):
    tried_many(8, ago=1)
    tier.count(NOW)
    tier.count(NOW + hours(24))
    tried_many(8, ago=-25)
    tier.count(NOW + hours(26))

    assert len(warnings()) == 2


def test_a_figure_that_hovers_about_80_percent_is_warned_of_once(warnings):
    Reach.objects.create(number="", people=8, counted_at=NOW, warned=80)

    assert tier._warned(76, 100, 80) == 80
    assert tier._warned(81, 100, 80) == 80
    assert tier._warned(74, 100, 80) == 0
    assert warnings() == []


def test_without_a_limit_nothing_is_warned_of(settings, warnings):
    settings.MYOPERATOR_TIER = "unlimited"
    tried_many(20)

    assert tier.count(NOW).people == 20
    assert warnings() == []


def test_the_job_counts(monkeypatch):
    monkeypatch.setattr(tasks, "clock_now", lambda: NOW)
    tried(ASHA, 1)

    tasks.count_people()

    assert (Reach.objects.get().people, Reach.objects.get().counted_at) == (1, NOW)


FILL = """
WITH m AS (
    INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
        error_code, error, created_at, expires_at)
    SELECT '+9197' || lpad((mod(n, 500))::text, 8, '0'), 'x', 'en', '', '{}', '', 'failed', 0, '', '', now(), now()
    FROM generate_series(1, 50000) n RETURNING id
)
INSERT INTO notifications_attempt (message_id, number, outcome, code, detail, milliseconds, created_at)
SELECT id, 1, 'accepted', '', '', 0, %s::timestamptz - (50000 - row_number() OVER (ORDER BY id)) * interval '10 min'
FROM m
"""


def test_only_the_tries_of_the_last_day_are_read():
    with connection.cursor() as cursor:
        cursor.execute(FILL, [NOW])
        cursor.execute("ANALYZE notifications_attempt, notifications_message")
        first = tier._first_try(NOW - hours(25))
        given = {"first": first, "since": NOW - hours(24), "now": NOW, "span": tier.SPAN}
        cursor.execute("EXPLAIN (ANALYZE) " + tier._COUNT, given)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert Attempt.objects.filter(pk__gte=first).count() == 25 * 6 + 1
    assert "Seq Scan on notifications_attempt" not in plan
    assert "Seq Scan on notifications_message" not in plan
    assert tier.written_to(NOW) == 144

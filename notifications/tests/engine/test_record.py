"""Recording what came back: whole, or again, or row by row."""

import sys

import pytest
from django.db import DataError, OperationalError, connection

from notifications import clock, outbox, signals
from notifications.engine.claim import claim
from notifications.engine.drain import Engine
from notifications.models import Message, NotificationPreference, QueuedMessage
from notifications.outcomes import Answered
from notifications.providers.base import Accepted, NotNow, NotSent, Rejected, TemplateHeld, Uncertain
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import (
    drained,
    events,
    many,
    news,
    outcomes,
    status,
    statuses,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(engine, monkeypatch):
    """An engine whose database fails without losing the test's own transaction; it does not really wait."""
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(sys.modules[Engine.__module__].time, "sleep", lambda _: None)
    return engine


def failing(engine, monkeypatch, *errors, only=None):
    """The next recordings raise these, each once; with `only`, every recording that holds this text does."""
    real, left = engine.recorder.record, list(errors)

    def record(answers):
        hit = only is None or any(answer.claimed.text == only for answer in answers)
        if left and hit:
            raise left[0] if only else left.pop(0)
        real(answers)

    monkeypatch.setattr(engine.recorder, "record", record)


def test_a_flush_that_fails_once_is_tried_again(patient, monkeypatch, asked):
    failing(patient, monkeypatch, OperationalError("the connection is closed"))
    many(5)
    drained(patient)

    assert statuses() == {"sent"}
    assert len(asked.texts) == 5


def test_a_database_that_is_away_for_a_while_loses_no_answer(patient, monkeypatch, asked):
    failing(patient, monkeypatch, *[OperationalError("away")] * 4)
    many(5)
    drained(patient)

    assert statuses() == {"sent"}
    assert len(asked.texts) == 5


@pytest.mark.parametrize("error", [DataError("refused"), TypeError("a bug")])
def test_one_answer_that_cannot_be_recorded_does_not_hold_the_others(patient, monkeypatch, error):
    failing(patient, monkeypatch, error, only="Hello 2")
    many(5)
    drained(patient)

    assert Message.objects.filter(status="sent").count() == 4
    assert Message.objects.get(status="sending").text == "Hello 2"


def test_a_claim_that_fails_leaves_what_is_under_way_recorded(patient, monkeypatch):
    many(1)
    calls = []

    def claim_once(*args, **options):
        calls.append(args)
        if len(calls) > 1:
            raise OperationalError("away")
        return claim(*args, **options)

    monkeypatch.setattr(sys.modules[Engine.__module__], "claim", claim_once)
    drained(patient)

    assert statuses() == {"sent"}


@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "w" * 2000])
def test_words_of_the_provider_that_the_database_refuses_are_made_fit(engine, asked, words):
    asked.always = Rejected(words, words)
    message = news()
    drained(engine)

    assert status(message) == "failed"


@pytest.mark.parametrize("provider_id", ["a\x00b", "\ud800", "i" * 2000])
def test_an_id_that_the_database_refuses_does_not_cost_the_acceptance(engine, asked, provider_id):
    asked.always = Accepted(provider_id)
    message = news()
    drained(engine)

    assert (status(message), outcomes(message)) == ("sent", ["accepted"])


def in_flight(message, **answer):
    (job,) = claim(1, clock.now(), deadline=15, only=message.pk).jobs
    return Answered(job.claimed, 5, **answer)


@pytest.mark.parametrize(
    "failure",
    [
        NotNow("", "500"),
        NotSent("", "refused"),
        Uncertain("", "timeout"),
        Rejected("", "1"),
        TemplateHeld("", "2"),
    ],
    ids=lambda failure: failure.outcome,
)
def test_what_was_taken_back_in_flight_is_cancelled_unless_it_was_accepted(engine, failure):
    message = news(reference="order_1")
    answer = in_flight(message, failure=failure)
    outbox.withdraw("order_1", ["test_news"], "The order was cancelled.")
    engine.recorder.record([answer])

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("cancelled", "withdrawn")
    assert message.error.startswith("The order was cancelled.")
    assert ("MyOperator may have it" in message.error) is isinstance(failure, Uncertain)
    assert "cancelled" in events(message)
    assert not QueuedMessage.objects.exists()


def test_a_reason_without_a_full_stop_gets_one_before_the_next_sentence(engine):
    message = news(reference="order_1")
    answer = in_flight(message, failure=Uncertain("", "timeout"))
    outbox.withdraw("order_1", ["test_news"], "the order was cancelled")
    engine.recorder.record([answer])

    message.refresh_from_db()
    assert message.error == "the order was cancelled. MyOperator may have it."


def test_what_was_taken_back_but_accepted_is_sent(engine):
    message = news(reference="order_1")
    answer = in_flight(message, accepted=Accepted("1"))
    outbox.withdraw("order_1", ["test_news"])
    engine.recorder.record([answer])

    assert status(message) == "sent"


def test_what_a_receipt_says_was_received_is_not_sent_again_whatever_came_back(engine):
    message = news()
    answer = in_flight(message, failure=Uncertain("No answer.", "timeout"))
    QueuedMessage.objects.update(withdrawn="delivered", withdrawn_why="received")
    engine.recorder.record([answer])

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("delivered", "")
    assert not QueuedMessage.objects.exists()


def test_a_template_that_is_not_sendable_holds_its_messages_without_a_try(engine, asked):
    asked.always = TemplateHeld("The approved template is paused.", "132015")
    message = news()
    drained(engine)

    assert (status(message), waiting(message).held_for, waiting(message).tries) == ("queued", "template", 0)
    assert (outcomes(message), events(message)) == (["template_held"], ["template_held"])


def test_who_listens_is_told_of_every_end_and_one_that_raises_costs_nothing(
    engine, asked, django_capture_on_commit_callbacks
):
    heard = []

    def listen(**said):
        heard.append((said["reference"], said["status"]))
        raise ValueError("a listener's bug")

    signals.message_finished.connect(listen)
    asked.answers["Hello Bilal"] = Rejected("No.", "1")
    news(reference="order_1")
    news(name="Bilal", to=BILAL, reference="order_2")
    with django_capture_on_commit_callbacks(execute=True):
        drained(engine)
    signals.message_finished.disconnect(listen)

    assert sorted(heard) == [("order_1", "sent"), ("order_2", "failed")]
    assert statuses() == {"sent", "failed"}


@pytest.mark.parametrize(
    ("code", "field"), [("131026", "unreachable_at"), ("131050", "marketing_opt_in_at"), ("131047", None)]
)
def test_what_an_answer_says_of_the_number_itself_is_kept(engine, asked, code, field):
    NotificationPreference.objects.create(phone=BILAL, marketing_opt_in_at=clock.now())
    before = NotificationPreference.objects.values().get()
    asked.answers["Hello Bilal"] = Rejected("No.", code)
    news(to=BILAL, name="Bilal")
    drained(engine)

    after = NotificationPreference.objects.values().get()
    changed = {name for name in before if before[name] != after[name]} - {"updated_at"}
    assert field in changed if field else not changed

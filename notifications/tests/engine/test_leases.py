"""A worker that dies, hangs or comes back: what it held is uncertain, and it overwrites nothing."""

import pytest

from notifications import clock
from notifications.engine.slots import MARGIN, Slots
from notifications.models import Attempt, Channel, QueuedMessage, transition
from notifications.outcomes import Answered, Dropped
from notifications.providers.base import Accepted, NotNow
from notifications.providers.memory import Memory
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import (
    another_engine,
    drained,
    events,
    leased,
    lost,
    many,
    news,
    offer,
    outcomes,
    run_out,
    status,
    sweep_now,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_what_a_lost_worker_held_is_uncertain_and_its_try_is_in_the_log(engine):
    message = news()
    lost(message)

    assert (status(message), waiting(message).tries, waiting(message).waits_for) == (
        "uncertain",
        1,
        "receipt",
    )
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.code) == ("uncertain", "worker_lost")


def test_a_lease_that_ran_out_is_never_simply_claimed_again(engine, asked):
    leased(news())
    run_out()
    drained(engine)

    assert asked.texts == []


def test_a_lease_that_lasts_is_left_alone(engine):
    leased(news())

    assert sweep_now()["lost"] == 0


def test_an_offer_that_a_lost_worker_held_waits_for_staff(engine):
    message = offer()
    lost(message)

    assert waiting(message).held_for == "uncertain"


def test_a_late_acceptance_settles_what_was_uncertain(engine):
    message = news()
    job = lost(message)
    engine.recorder.record([Answered(job.claimed, 9, accepted=Accepted("late-1"))])

    assert status(message) == "sent"
    assert not QueuedMessage.objects.exists()
    assert (outcomes(message), events(message)) == (["accepted"], ["late_answer"])
    assert Attempt.objects.get().provider_message_id == "late-1"


def test_a_late_failure_changes_nothing(engine):
    message = news()
    job = lost(message)
    before = waiting(message).due_at
    engine.recorder.record([Answered(job.claimed, 9, failure=NotNow("Their fault.", "500"))])

    assert (status(message), waiting(message).tries, waiting(message).due_at) == ("uncertain", 1, before)


def test_a_late_acceptance_while_another_worker_sends_is_kept_as_evidence(engine, moved):
    message = news()
    first = lost(message)
    moved.forward(minutes=6)
    second = leased(message)
    engine.recorder.record([Answered(first.claimed, 9, accepted=Accepted("late-1"))])
    engine.recorder.record([Answered(second.claimed, 9, accepted=Accepted("late-2"))])

    assert status(message) == "sent"
    assert outcomes(message) == ["accepted", "accepted"]


def test_what_a_receipt_settled_while_it_was_sent_again_counts_as_sent_twice(engine, moved):
    message = news()
    lost(message)
    moved.forward(minutes=6)
    second = leased(message)
    transition.move([transition.Move(message.pk, "sent", clock.now())])
    engine.recorder.record([Answered(second.claimed, 9, accepted=Accepted("late-2"))])

    message.refresh_from_db()
    assert (message.status, message.tries, message.retried) == ("sent", 2, True)


def test_a_batch_with_a_lost_lease_in_it_records_the_others(engine):
    mine, stranger = news(to=BILAL), news()
    old = lost(stranger)
    job = leased(mine)
    engine.recorder.record([Answered(j.claimed, 9, accepted=Accepted()) for j in (old, job)])

    assert (status(mine), status(stranger)) == ("sent", "sent")


def test_a_process_that_slept_past_its_lease_drops_the_job_before_the_post(asked, texts):
    message = news()
    job = leased(message)
    slots = Slots(Memory(), 1, monotonic=lambda: job.lease_end - 15 - MARGIN + 1)
    answered = slots.send_here(job)

    assert isinstance(answered.failure, Dropped)
    assert asked.texts == []


def test_a_dropped_job_goes_back_to_the_queue_and_says_nothing_of_the_channel(engine, asked):
    message = news()
    dropped = Answered(leased(message).claimed, 0, failure=Dropped("Too late.", "lease"))
    Channel.objects.update(state="outage", not_sent_in_a_row=2)
    engine.recorder.record([dropped])

    channel = Channel.objects.get()
    assert (channel.state, channel.not_sent_in_a_row) == ("outage", 2)
    assert (status(message), waiting(message).tries, waiting(message).lease_until) == ("queued", 0, None)
    assert not Attempt.objects.exists()


def test_a_message_whose_sending_raises_does_not_cost_the_others(engine, asked):
    def broken(outgoing):
        raise ZeroDivisionError

    asked.answers["Hello 1"] = broken
    many(3)
    drained(engine)

    assert sorted(asked.texts) == ["Hello 0", "Hello 1", "Hello 2"]
    assert QueuedMessage.objects.get().message.status == "uncertain"
    assert QueuedMessage.objects.get().message.text == "Hello 1"


def test_three_claims_without_an_outcome_hold_a_message(engine, moved):
    message = news()
    for _ in range(3):
        lost(message)
        moved.forward(minutes=20)

    assert (status(message), waiting(message).held_for, waiting(message).claims) == ("uncertain", "poison", 3)


def test_a_recorded_outcome_begins_the_count_anew(engine, asked, moved):
    message = news()
    lost(message)
    moved.forward(minutes=20)
    asked.always = NotNow("Their fault.", "500")
    drained(engine)

    assert waiting(message).claims == 0


def test_four_engines_at_once_send_each_message_once(engine, asked):
    many(200)
    engines = [engine, *(another_engine() for _ in range(3))]
    for one in engines:
        one.slots.width = 10
    while QueuedMessage.objects.exists():
        for one in engines:
            one._fill(), one._collect()

    assert sorted(asked.texts) == sorted(f"Hello {number}" for number in range(200))

"""What staff do: send again, cancel, stop, resume."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notifications import engine, outbox, staff
from notifications.models import (
    Channel,
    Held,
    Message,
    MessageEvent,
    MessageTemplate,
    Move,
    NotificationPreference,
    QueuedMessage,
    Status,
    move,
)
from notifications.providers.base import Rejected
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db(transaction=True)


def news(**options) -> Message:
    return outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, **options)


def refuse(outgoing):
    raise Rejected("No such number on WhatsApp.", "131026")


@pytest.fixture
def failed(texts, memory_provider):
    message = news()
    memory_provider.answer_with(refuse)
    engine.drain(2)
    memory_provider.reset()
    message.refresh_from_db()
    assert message.status == "failed"
    return message


def test_a_failed_message_is_sent_again_from_the_first_try(failed, memory_provider):
    done = staff.resend([failed.pk], "chitra")

    failed.refresh_from_db()
    assert (done.ids, done.refused) == ([failed.pk], {})
    assert (failed.status, failed.tries, failed.error, failed.error_code) == ("queued", 0, "", "")
    engine.drain(2)
    failed.refresh_from_db()
    assert failed.status == "sent"
    assert len(memory_provider.accepted) == 1


def test_whoever_sends_again_has_checked_the_number(failed):
    marked = NotificationPreference.objects.get(phone=ASHA)
    assert marked.unreachable_at is not None

    staff.resend([failed.pk], "chitra")

    marked.refresh_from_db()
    assert marked.unreachable_at is None


def test_the_timeline_keeps_who_sent_it_again(failed):
    staff.resend([failed.pk], "chitra")

    assert MessageEvent.objects.get(message_id=failed.pk, what="resent").by == "chitra"


def test_what_staff_send_again_passes_the_house_hours(failed):
    staff.resend([failed.pk], "chitra")

    assert QueuedMessage.objects.get().passes_hours


def test_an_expired_message_gets_the_time_its_kind_has(texts):
    message = news(expires_at=timezone.now() + timedelta(milliseconds=1))
    engine.sweep(timezone.now() + timedelta(seconds=1))
    Message.objects.update(expires_at=timezone.now() - timedelta(days=2))

    assert staff.resend([message.pk], "chitra").ids == [message.pk]

    message.refresh_from_db()
    assert timedelta(hours=23) < message.expires_at - timezone.now() <= timedelta(hours=24)
    assert QueuedMessage.objects.get().expires_at == message.expires_at


def test_a_message_that_was_never_written_is_written_now(texts, memory_provider):
    text = MessageTemplate.objects.get(kind="test_news")
    MessageTemplate.objects.filter(pk=text.pk).update(active=False)
    message = news()
    MessageTemplate.objects.filter(pk=text.pk).update(active=True)

    staff.resend([message.pk], "chitra")
    engine.drain(2)

    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]
    message.refresh_from_db()
    assert (message.text, message.template_version) == ("Hello Asha", 1)


def test_a_text_that_was_written_is_sent_as_it_was(failed, memory_provider):
    MessageTemplate.objects.filter(kind="test_news").update(content="Other words, {{nobody_gave}}")

    staff.resend([failed.pk], "chitra")
    engine.drain(2)

    assert [sent.text for sent in memory_provider.accepted] == ["Hello Asha"]


def test_a_customer_who_opted_out_is_not_asked_twice(failed):
    NotificationPreference.objects.filter(phone=ASHA).update(enabled=False)

    done = staff.resend([failed.pk], "chitra")

    assert done.refused == {failed.pk: "The customer switched all messages off."}
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_a_bad_number_stays_refused(texts):
    message = outbox.queue("test_news", to="123", variables={"name": "Asha"})

    assert "not one we can message" in staff.resend([message.pk], "chitra").refused[message.pk]


@pytest.mark.parametrize("status", ["sending", "sent", "delivered", "read"])
def test_what_is_sent_or_on_its_way_is_refused(texts, status):
    message = news()
    QueuedMessage.objects.all().delete()
    Message.objects.update(status=status, sent_at=timezone.now())

    assert staff.resend([message.pk], "chitra").refused == {message.pk: f"It is {status}."}
    message.refresh_from_db()
    assert message.status == status


def test_what_waits_by_itself_is_refused(texts):
    message = news()

    assert staff.resend([message.pk], "chitra").refused == {message.pk: "It is queued."}


def test_what_was_held_for_staff_is_let_go(texts, memory_provider):
    message = news()
    Message.objects.update(status=Status.UNCERTAIN, tries=4)
    QueuedMessage.objects.update(held_for=Held.UNCERTAIN, tries=4)

    assert staff.resend([message.pk], "chitra").ids == [message.pk]
    engine.drain(2)

    message.refresh_from_db()
    assert message.status == "sent"


def test_many_of_several_kinds_are_sent_again_at_once(texts, memory_provider):
    messages = [news(), outbox.queue("test_alarm", to=ASHA, variables={}), news()]
    staff.cancel([message.pk for message in messages], "chitra")

    done = staff.resend([message.pk for message in messages], "chitra")

    assert done.ids == sorted(message.pk for message in messages)
    assert sorted(QueuedMessage.objects.values_list("priority", flat=True)) == [0, 1, 1]


def test_a_queued_message_is_cancelled_with_who(texts, memory_provider):
    message = news()

    assert staff.cancel([message.pk], "chitra").ids == [message.pk]

    message.refresh_from_db()
    assert (message.status, message.error) == ("cancelled", "Cancelled by chitra.")
    assert MessageEvent.objects.get(what="cancelled").by == "chitra"
    engine.drain(2)
    assert not memory_provider.asked


def test_what_is_being_sent_is_cancelled_unless_it_is_accepted(texts, memory_provider):
    accepted, refused = news(), outbox.queue("test_alarm", to="98765 43211", variables={})

    def while_sending(outgoing):
        staff.cancel([accepted.pk, refused.pk], "chitra")
        if outgoing.text == "Late":
            raise Rejected("No.", "1")

    memory_provider.answer_with(while_sending)
    engine.drain(2)

    accepted.refresh_from_db()
    refused.refresh_from_db()
    assert accepted.status == "sent"
    assert refused.status in ("cancelled", "failed")


def cancelled_while_sending(memory_provider, message, *before):
    """Staff cancel it while it is on its way, and it is refused."""

    def while_sending(outgoing):
        for act in before:
            act()
        staff.cancel([message.pk], "chitra")
        raise Rejected("No.", "1")

    memory_provider.answer_with(while_sending)
    engine.drain(2)
    message.refresh_from_db()


def test_what_was_cancelled_while_it_was_sent_may_be_sent_again(texts, memory_provider):
    message = news()
    cancelled_while_sending(memory_provider, message)

    assert (message.status, message.error_code) == ("cancelled", "cancelled")
    assert staff.resend([message.pk], "chitra").ids == [message.pk]


def test_what_is_not_true_any_more_is_not_made_so_by_who_cancels_it_too(texts, memory_provider):
    message = news(reference="order_1")
    cancelled_while_sending(
        memory_provider, message, lambda: outbox.withdraw("order_1", ["test_news"], "The order is off.")
    )

    assert (message.error_code, message.error) == ("withdrawn", "The order is off.")
    assert message.pk in staff.resend([message.pk], "chitra").refused


@pytest.mark.parametrize(("why", "said"), [("The order is off.", ": The order is off."), ("", ".")])
def test_what_failed_and_is_not_true_any_more_is_not_sent_again(failed, why, said):
    Message.objects.filter(pk=failed.pk).update(reference_id="order_1")
    outbox.withdraw("order_1", ["test_news"], why)

    assert staff.resend([failed.pk], "chitra").refused == {
        failed.pk: f"What it says is not true any more{said}"
    }


def test_what_is_over_is_not_cancelled(failed):
    assert staff.cancel([failed.pk], "chitra").refused == {failed.pk: "It is failed."}


def test_a_stopped_channel_sends_nothing_until_it_is_resumed(texts, memory_provider, settings):
    staff.stop_channel("chitra", "The wrong text went out.")
    message = news()
    engine.drain(1)
    assert not memory_provider.asked
    channel = Channel.objects.get(number=settings.MYOPERATOR_PHONE_NUMBER)
    assert (channel.reason, channel.changed_by) == ("The wrong text went out.", "chitra")

    staff.resume_channel("chitra")
    engine.drain(2)

    message.refresh_from_db()
    assert message.status == "sent"


def test_resuming_brings_forward_what_waited_for_the_provider(texts):
    news()
    later = timezone.now() + timedelta(minutes=5)
    QueuedMessage.objects.update(waits_for="provider", due_at=later)

    staff.resume_channel("chitra")

    assert QueuedMessage.objects.get().due_at < later


def test_what_failed_is_given_up_and_stays_what_it_is(failed):
    done = staff.give_up([failed.pk], "chitra", "wrong number")

    failed.refresh_from_db()
    assert (done.ids, failed.status) == ([failed.pk], "failed")
    assert failed.given_up_at is not None
    event = MessageEvent.objects.get(message_id=failed.pk, what="given_up")
    assert (event.by, event.detail) == ("chitra", "wrong number")


@pytest.mark.parametrize("held_for", Held)
def test_what_was_on_hold_is_given_up_and_taken_back(texts, memory_provider, held_for):
    message = news()
    Message.objects.update(status=Status.UNCERTAIN)
    QueuedMessage.objects.update(held_for=held_for)

    staff.give_up([message.pk], "chitra", "an old offer")

    message.refresh_from_db()
    assert (message.status, message.error) == ("cancelled", "Given up by chitra: an old offer.")
    engine.drain(1)
    assert not memory_provider.asked


def test_a_receipt_still_says_that_what_was_given_up_was_sent(texts):
    message = news()
    Message.objects.update(status=Status.UNCERTAIN)
    QueuedMessage.objects.update(held_for=Held.UNCERTAIN)
    staff.give_up([message.pk], "chitra")

    with transaction.atomic():
        move([Move(message.pk, Status.DELIVERED, timezone.now())])

    message.refresh_from_db()
    assert message.status == "delivered"


@pytest.mark.parametrize("status", ["queued", "sent", "read", "cancelled"])
def test_what_needs_nobody_is_not_given_up(texts, status):
    message = news()
    Message.objects.update(status=status, sent_at=timezone.now())

    refused = staff.give_up([message.pk], "chitra").refused

    assert refused == {message.pk: f"It is {status}: there is nothing to give up."}


def test_what_was_given_up_is_given_up_once(failed):
    staff.give_up([failed.pk], "chitra")

    assert staff.give_up([failed.pk], "dev").refused == {failed.pk: "It was given up before."}


def test_what_is_sent_again_is_not_given_up_any_more(failed):
    staff.give_up([failed.pk], "chitra")

    staff.resend([failed.pk], "chitra")

    failed.refresh_from_db()
    assert failed.given_up_at is None

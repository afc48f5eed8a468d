"""One message's page: where it came from, what happened around it, what comes next, and what to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import outbox, registry, staff, timeline, wishes
from notifications.models import Attempt, Channel, Held, InboundMessage, Message, MessageEvent, QueuedMessage
from notifications.tests.conftest import ASHA, NEWS

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/message/"
SENT = {"status": "sent", "sent_at": timezone.now()}


def ended(**fields) -> Message:
    fields = {"phone": ASHA, "kind": "test_news", "text": "Hello Asha", "status": "failed"} | fields
    return Message.objects.create(expires_at=timezone.now() + timedelta(days=1), **fields)


def page(client, message):
    return client.get(f"{LIST}{message.pk}/change/")


def lines(client, message) -> list[str]:
    return [line.words for line in page(client, message).context["timeline"]]


@pytest.fixture
def waiting(texts):
    return outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"error_code": "no_text"}, "Write one, then send it again."),
        ({"error_code": "bad_phone"}, "Correct the customer's number; what comes next will arrive."),
        ({"error_code": "131026"}, ""),  # its reason says what to do
        ({"error_code": "131000"}, "Send it again, if it is still of use to the customer."),
        ({"error_code": "timeout"}, "Send it again, if it is still of use to the customer."),
        (
            {"error_code": "missing_variable"},
            "Take that value out of the text and send it again, or have it asked for anew with the value.",
        ),
        ({"status": "suppressed", "error_code": "opted_out"}, "Nothing to do: it is their wish."),
        ({"status": "cancelled", "error_code": "withdrawn"}, "Nothing to do: it cannot be sent again."),
        (SENT, "Nothing to do yet: the phone may be off, or without a network."),
        (SENT | {"status": "read", "read_at": timezone.now()}, "Nothing to do."),
        ({"status": "queued"}, "Tell an engineer."),
    ],
)  # fmt: skip
def test_a_second_sentence_says_what_to_do(chitra, fields, remedy):
    assert page(chitra, ended(**fields)).context["remedy"] == remedy


@pytest.mark.parametrize("held", Held)
def test_what_is_on_hold_says_what_to_do(chitra, waiting, held):
    QueuedMessage.objects.update(held_for=held)

    assert page(chitra, waiting).context["remedy"].endswith(".")


def test_where_staff_stopped_the_channel_they_resume_it(chitra, waiting, settings):
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, state="stopped", changed_by="chitra")

    assert page(chitra, waiting).context["remedy"] == "Resume the channel when that is settled."


def test_a_reason_without_words_is_told_by_its_code(chitra):
    message = ended(error_code="no_text", error="")

    assert page(chitra, message).context["headline"] == "Not sent: Its kind has no text."


def test_it_says_what_made_the_shop_send_it(chitra):
    assert lines(chitra, ended(kind="stop_confirmation"))[0] == "Asked for, because the customer wrote STOP"


def test_it_says_who_asked_for_it_by_api(chitra):
    message = ended()
    MessageEvent.objects.create(message_id=message.pk, what=timeline.ASKED, by="till-3")

    line = page(chitra, message).context["timeline"][0]

    assert (line.words, line.by) == ("Asked for by API,", "till-3")
    assert len(lines(chitra, message)) == 1


def test_every_kind_of_the_shop_says_what_makes_it():
    silent = [kind.code for kind in registry.kinds() if registry.declared(kind.code) and not kind.cause]

    assert [code for code in silent if not code.startswith("test_")] == []


def test_replies_around_it_are_told_with_it(chitra):
    message, now = ended(), timezone.now()
    for words, at in (("Ok", now + timedelta(minutes=5)), ("Long ago", now - timedelta(days=3))):
        InboundMessage.objects.create(
            phone=ASHA, type="text", text=words, received_at=at, provider_message_id=words, webhook_event_id=1
        )

    told = [line.detail for line in page(chitra, message).context["timeline"] if line.tone == "said"]

    assert told == ["Ok"]


def test_wishes_that_changed_around_it_are_told_with_it(chitra):
    message = ended()
    wishes.change(ASHA, {"delivery": False}, how="admin", by="chitra")

    assert "Messages about deliveries were switched off by staff, at the desk" in lines(chitra, message)


def test_what_refused_it_is_told_however_long_ago_that_was(chitra, texts):
    wishes.change(ASHA, {"order": False}, how="reply", at=timezone.now() - timedelta(days=90))
    refused = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    other = ended(kind="test_alarm", created_at=timezone.now())

    assert refused.error_code == "category_off"
    assert lines(chitra, refused)[0] == "Messages about orders were switched off by a WhatsApp reply"
    assert len(lines(chitra, other)) == 1


def test_what_comes_next_is_told_last(chitra, waiting):
    QueuedMessage.objects.update(due_at=timezone.now() + timedelta(hours=9), waits_for="quiet_hours")

    line = page(chitra, waiting).context["timeline"][-1]

    assert (line.words, line.detail, line.tone) == ("Will be sent", "It waits for decent hours.", "ahead")


def test_what_is_on_hold_has_no_next(chitra, waiting):
    QueuedMessage.objects.update(due_at=timezone.now() + timedelta(hours=9), held_for=Held.STAFF)

    assert "Will be sent" not in lines(chitra, waiting)


def test_staff_acts_say_who(chitra, texts):
    message = ended()
    staff.resend([message.pk], "chitra")

    line = page(chitra, message).context["timeline"][-1]

    assert (line.words, line.by) == ("Queued again", "chitra")


@pytest.mark.parametrize("outcome", Attempt.Outcome)
def test_each_outcome_of_a_try_has_words(chitra, outcome):
    message = ended()
    Attempt.objects.create(message_id=message.pk, number=1, outcome=outcome, code="1", milliseconds=7)

    line = page(chitra, message).context["timeline"][1]

    assert line.words.startswith("Try 1: ")
    assert line.detail == "code 1 · 7 ms"


def test_it_leads_to_the_customer_and_to_their_other_messages(chitra, monkeypatch):
    monkeypatch.setattr(registry, "_person_hooks", [lambda phone: ("Asha <b>", "/admin/asha/")])
    message = ended(reference_id="thing_7")

    html = page(chitra, message).content.decode()

    assert '<a href="/admin/asha/">Asha &lt;b&gt;</a>' in html
    assert f"{LIST}?q=%2B919876543210" in html
    assert f"{LIST}?q=thing_7" in html


def test_who_may_not_see_numbers_gets_none_in_a_link(dev):
    assert "%2B9198" not in page(dev, ended()).content.decode()


def test_the_search_for_a_number_leads_to_the_customer(chitra, monkeypatch):
    monkeypatch.setattr(registry, "_person_hooks", [lambda phone: ("Asha", f"/admin/{phone}/")])
    ended()

    html = chitra.get(LIST, {"q": "98765 43210"}).content.decode()

    assert f'Messages of <a href="/admin/{ASHA}/">Asha</a>, {ASHA}.' in html


def test_its_id_can_be_copied(chitra):
    message = ended()

    assert f'data-copy="msg_{message.pk}"' in page(chitra, message).content.decode()


def test_the_tests_kind_is_told_without_a_cause(chitra, texts):
    assert NEWS.cause == ""
    assert lines(chitra, ended())[0] == "Asked for"


def test_a_number_that_nobody_is_known_by_is_told_once(chitra):
    [to] = [told for name, told in page(chitra, ended()).context["facts"] if name == "To"]

    assert to.count(f">{ASHA}<") + to.count(f", {ASHA}") == 1


def test_a_number_that_was_refused_leads_to_no_other_messages(chitra):
    refused = ended(phone="••••••21", error_code="bad_phone")

    [to] = [told for name, told in page(chitra, refused).context["facts"] if name == "To"]

    assert to == "••••••21"

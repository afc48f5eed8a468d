"""The log in admin: found in seconds, told in plain words, put right with a button."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.models import Act
from notifications import outbox
from notifications.models import (
    Attempt,
    Channel,
    Held,
    Message,
    MessageEvent,
    NotificationPreference,
    QueuedMessage,
)
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/message/"


def page(message: Message) -> str:
    return f"{LIST}{message.pk}/change/"


def ended(**fields) -> Message:
    fields = {"phone": ASHA, "kind": "test_news", "text": "Hello Asha", "status": "failed"} | fields
    return Message.objects.create(expires_at=timezone.now() + timedelta(days=1), **fields)


def shown(client, **query) -> set[int]:
    return {message.pk for message in client.get(LIST, query).context["cl"].result_list}


@pytest.mark.parametrize("typed", ["+919876543210", "98765 43210", "098765-43210", " 9876543210 "])
def test_a_number_is_found_in_any_form_people_type(chitra, typed):
    wanted, _ = ended(), ended(phone=BILAL)

    assert shown(chitra, q=typed) == {wanted.pk}


def test_a_reference_and_an_id_are_found(chitra):
    wanted, _ = ended(reference_id="order_77"), ended(reference_id="order_7")

    assert shown(chitra, q="order_77") == {wanted.pk}
    assert shown(chitra, q=wanted.public_id) == {wanted.pk}
    assert shown(chitra, q="nothing") == set()


@pytest.mark.parametrize("q", ["msg_", "msg_99999999999999999999", "%", "a\x00b", "'"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(chitra, q):
    assert chitra.get(LIST, {"q": q}).status_code in (200, 302)


@pytest.mark.parametrize("query", [{"status": "failed"}, {"status__exact": "failed"}, {"kind": "test_news"}])
def test_filters_show_what_they_name(chitra, texts, query):
    wanted, _ = ended(), ended(status="cancelled", kind="test_offer")

    assert shown(chitra, **query) == {wanted.pk}


def test_the_list_counts_nothing_and_asks_the_log_for_no_choices(chitra):
    ended()

    with CaptureQueriesContext(connection) as queries:
        chitra.get(LIST)

    of_log = [q["sql"].upper() for q in queries if "notifications_message" in q["sql"]]
    assert of_log
    assert not [sql for sql in of_log if "COUNT(" in sql or "DISTINCT" in sql or "MIN(" in sql]


@pytest.mark.parametrize("way", ["add/", "{}/delete/"])
def test_nobody_writes_history(chitra, way):
    assert chitra.get(LIST + way.format(ended().pk)).status_code == 403


def test_a_page_cannot_be_saved(chitra):
    message = ended()

    assert chitra.post(page(message), {"text": "Other"}).status_code == 403
    message.refresh_from_db()
    assert message.text == "Hello Asha"


def test_the_text_is_shown_as_whatsapp_does_and_harmless(chitra):
    html = chitra.get(page(ended(text="*Hi* <script>alert(1)</script>"))).content.decode()

    assert "<b>Hi</b>" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "failed", "error": "No such number."}, "Not sent: No such number."),
        ({"status": "suppressed", "error": "She said no."}, "Not sent on purpose: She said no."),
        ({"status": "expired", "error": "Too slow."}, "Not sent, and too late now: Too slow."),
        ({"status": "cancelled", "error": "Cancelled by chitra."}, "Taken back: Cancelled by chitra."),
        ({"status": "sent", "sent_at": timezone.now()}, "the phone has not confirmed it yet"),
        ({"status": "read", "sent_at": timezone.now(), "read_at": timezone.now()}, "Read today at"),
        ({"status": "sending"}, "It is being sent at this moment."),
    ],
)
def test_one_sentence_says_what_became_of_it(chitra, fields, sentence):
    assert sentence in chitra.get(page(ended(**fields))).context["headline"]


@pytest.fixture
def waiting(texts):
    return outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "It is its turn now."),
        ({"held_for": Held.UNCERTAIN}, "On hold: it may have been sent: staff decide."),
        (
            {"due_at": timezone.now() + timedelta(days=400), "waits_for": "quiet_hours"},
            "it waits for decent hours.",
        ),
    ],
)
def test_one_sentence_says_what_it_waits_for(chitra, waiting, row, sentence):
    QueuedMessage.objects.update(**row)

    assert sentence in chitra.get(page(waiting)).context["headline"]


def test_a_stopped_channel_is_why_it_waits(chitra, waiting, settings):
    Channel.objects.create(
        number=settings.MYOPERATOR_PHONE_NUMBER, state="stopped", reason="Wrong text.", changed_by="chitra"
    )

    assert chitra.get(page(waiting)).context["headline"] == (
        "Waiting: the channel is closed, stopped by staff (chitra). Wrong text."
    )


def test_a_tried_message_says_how_often_and_why(chitra, waiting):
    Message.objects.update(status="retrying", tries=2, error="MyOperator had a fault.")
    QueuedMessage.objects.update(due_at=timezone.now() + timedelta(days=1), waits_for="retry")

    assert (
        chitra.get(page(waiting))
        .context["headline"]
        .startswith("Tried twice: MyOperator had a fault. The next try is tomorrow at")
    )


def test_the_timeline_tells_tries_and_events_in_their_order(chitra):
    message, now = ended(), timezone.now()
    MessageEvent.objects.create(
        message_id=message.pk, what="resent", by="chitra", created_at=now + timedelta(2)
    )
    Attempt.objects.create(
        message_id=message.pk, number=1, outcome="not_now", code="502", detail="A fault.",
        milliseconds=12, created_at=now + timedelta(1),
    )  # fmt: skip

    lines = chitra.get(page(message)).context["timeline"]

    assert [line.words for line in lines] == ["Asked for", "Try 1: MyOperator had a fault", "Queued again"]
    assert lines[1].detail == "A fault. · code 502 · 12 ms"
    assert lines[2].by == "chitra"


def confirmed(client, response):
    """Say yes on the page that an act led to."""
    return client.post(f"{response.url}confirm", follow=True)


def test_a_button_shows_what_sending_again_would_do_and_changes_nothing(chitra, texts):
    message = ended()

    response = chitra.post(f"{LIST}{message.pk}/send_again", follow=True)

    assert "1 message will be sent again." in response.content.decode()
    message.refresh_from_db()
    assert message.status == "failed"
    assert not MessageEvent.objects.exists()


def test_a_button_sends_again_when_it_is_confirmed(chitra, texts):
    message = ended()

    response = confirmed(chitra, chitra.post(f"{LIST}{message.pk}/send_again"))

    assert "Done: 1 message queued again." in response.content.decode()
    message.refresh_from_db()
    assert message.status == "queued"
    assert MessageEvent.objects.get().by == "chitra"


def test_a_button_cancels(chitra, waiting):
    confirmed(chitra, chitra.post(f"{LIST}{waiting.pk}/cancel"))

    waiting.refresh_from_db()
    assert waiting.status == "cancelled"


def test_many_are_sent_again_at_once_and_the_others_say_why(chitra, texts):
    good, read = ended(), ended(status="read", sent_at=timezone.now())
    chosen = {"action": "send_again", "_selected_action": [good.pk, read.pk]}

    page = chitra.post(LIST, chosen, follow=True).content.decode()

    assert "1 message will be sent again. 1 will be skipped." in page
    assert "It is read." in page


def test_all_that_match_the_filter_can_be_meant(chitra, texts):
    wanted, _ = [ended().pk for _ in range(3)], ended(kind="test_offer")
    chosen = {"action": "give_up", "select_across": "1", "_selected_action": wanted[:1]}

    response = chitra.post(f"{LIST}?kind=test_news", chosen)

    assert sorted(Act.objects.get().will) == wanted
    assert "All that match in the log." in chitra.get(response.url).content.decode()


def test_many_are_cancelled_at_once(chitra, texts):
    ids = [outbox.queue("test_alarm", to=ASHA, variables={}).pk for _ in range(3)]

    response = confirmed(chitra, chitra.post(LIST, {"action": "cancel", "_selected_action": ids}))

    assert "Done: 3 messages cancelled." in response.content.decode()


def test_who_was_refused_for_a_wish_is_told_it(chitra, texts):
    NotificationPreference.objects.create(phone=ASHA, enabled=False)
    message = ended()

    response = chitra.post(f"{LIST}{message.pk}/send_again", follow=True)

    assert "switched all messages off" in response.content.decode()
    assert "There is nothing to do" in response.content.decode()


def test_who_may_only_look_can_do_nothing(dev, texts):
    message = ended()

    html = dev.get(page(message)).content.decode()
    assert "Send again" not in html
    assert "Give up" not in html
    assert dev.post(f"{LIST}{message.pk}/send_again").status_code == 403
    assert "send_again" not in dev.get(LIST).content.decode()


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_a_message_that_is_none_is_not_found(chitra, pk):
    assert chitra.post(f"{LIST}{pk}/send_again").status_code == 404


def test_a_link_alone_does_nothing(chitra, texts):
    message = ended()

    assert chitra.get(f"{LIST}{message.pk}/send_again").status_code == 403
    message.refresh_from_db()
    assert message.status == "failed"


def test_a_message_that_was_put_off_says_until_when_in_indian_time_and_why(chitra):
    message = ended(status="queued")
    detail = "quiet_hours 2030-01-02T01:30:00+00:00"
    MessageEvent.objects.create(message_id=message.pk, what="put_off", detail=detail)
    MessageEvent.objects.create(message_id=message.pk, what="put_off", detail="quiet_hours until Thu Nov 26")

    html = chitra.get(page(message)).content.decode()

    assert "until 2 January 2030 at 7:00 AM, for decent hours" in html
    assert "quiet_hours until Thu Nov 26" in html, "as older ones were written"


def test_the_page_of_an_erased_person_s_message_says_that_its_text_was_erased(chitra):
    message = ended(phone="erased-abcdefghi", text="")

    assert "It was erased." in chitra.get(page(message)).content.decode()


def test_a_message_on_hold_says_why_in_its_place(chitra, texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    QueuedMessage.objects.update(held_for=Held.TEMPLATE)

    assert (
        "on hold: the approved template is not sendable. Tries" in chitra.get(page(message)).content.decode()
    )

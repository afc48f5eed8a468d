"""Where WhatsApp asks for approved templates: in which form a message goes, why it waits, and what lets it go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import clock, headline, outbox, staff
from notifications.models import (
    ApprovedTemplate,
    Conversation,
    Message,
    MessageEvent,
    MessageTemplate,
    QueuedMessage,
)
from notifications.providers.base import Template, TemplateHeld
from notifications.template_sync import sync
from notifications.tests.conftest import ASHA
from notifications.tests.engine.conftest import drained, events, news, status, sweep_now, waiting

BODY = "Dear {{1}}, good news."


@pytest.fixture
def chat(settings, engine):
    settings.MYOPERATOR_API = "chat"


def listed(status="approved", name="news", body=BODY, **more) -> ApprovedTemplate:
    return ApprovedTemplate.objects.update_or_create(
        name=name,
        language="en",
        defaults={"status": status, "body": body, "synced_at": timezone.now(), **more},
    )[0]


def named(name="news", **more) -> MessageTemplate:
    text = MessageTemplate.objects.get(kind="test_news", language="en")
    text.approved_name, text.placeholders = name, {"1": "name"} if name else {}
    for field, value in more.items():
        setattr(text, field, value)
    text.save()
    return text


def heard(hours: float, phone=ASHA) -> None:
    Conversation.heard({phone: clock.now() - timedelta(hours=hours)})


def reason(message) -> str:
    return MessageEvent.objects.get(message_id=message.pk, what="template_held").detail


def test_a_message_goes_by_the_approved_template_and_the_log_shows_its_body(chat, engine, memory_provider):
    listed()
    named()
    message = news("Asha\n\tRao")
    drained(engine)
    assert [sent.template for sent in memory_provider.accepted] == [Template("news", "en", {"1": "Asha Rao"})]
    assert Message.objects.get(pk=message.pk).text == message.text == "Dear Asha Rao, good news."
    assert status(message) == "sent"


def test_another_api_sends_the_text_as_it_stands(engine, memory_provider):
    listed("paused")
    named()
    message = news()
    drained(engine)
    assert [(sent.text, sent.template) for sent in memory_provider.accepted] == [("Hello Asha", None)]
    assert message.approved is None


def test_a_text_that_names_no_template_waits_and_says_so(chat, engine, memory_provider):
    message = news()
    drained(engine)
    assert (status(message), waiting(message).held_for) == ("queued", "template")
    assert reason(message) == "The text test_news (en) names no approved template."
    assert "names no approved template" in headline.headline(message)
    assert (memory_provider.accepted, waiting(message).tries) == ([], 0)


def test_a_template_that_is_not_listed_waits_and_says_so(chat, engine):
    named("new_news")
    message = news()
    drained(engine)
    assert reason(message) == "MyOperator does not list new_news (en)."


@pytest.mark.parametrize("standing", ["pending", "rejected", "paused", "disabled", "flagged", ""])
def test_what_is_not_approved_waits_with_its_reason(chat, engine, standing):
    listed()
    named()
    listed(standing, reason="TAG_CONTENT_MISMATCH")
    message = news()
    drained(engine)
    assert status(message) == "queued"
    assert reason(message) == f"news (en) is {standing or 'of unknown status'} (TAG_CONTENT_MISMATCH)."


def test_a_template_that_went_away_while_its_message_was_queued_holds_it(chat, engine):
    listed()
    named()
    message = news()
    listed(gone=True)
    drained(engine)
    assert reason(message) == "news (en) is no longer listed by MyOperator."


def test_within_24_hours_of_what_the_customer_wrote_the_text_goes_as_text(chat, engine, memory_provider):
    heard(23.9)
    message = news()
    drained(engine)
    assert [(sent.text, sent.template) for sent in memory_provider.accepted] == [("Hello Asha", None)]
    assert status(message) == "sent"


def test_after_24_hours_it_does_not(chat, engine, memory_provider):
    heard(24.1)
    message = news()
    drained(engine)
    assert (memory_provider.accepted, waiting(message).held_for) == ([], "template")


def test_the_template_goes_before_the_text_though_the_window_is_open(chat, engine, memory_provider):
    listed()
    named()
    heard(1)
    news()
    drained(engine)
    assert memory_provider.accepted[0].template is not None


def test_one_that_is_paused_goes_as_text_in_the_words_of_the_template(chat, engine, memory_provider):
    listed()
    named()
    listed("paused")
    heard(1)
    news()
    drained(engine)
    (sent,) = memory_provider.accepted
    assert (sent.text, sent.template) == ("Dear Asha, good news.", None)


def test_what_waits_goes_when_its_template_is_approved(chat, engine, memory_provider):
    listed("pending")
    named()
    message = news()
    drained(engine)
    sweep_now()
    assert waiting(message).held_for == "template"
    listed("approved")
    assert sweep_now()["released"] == 1
    drained(engine)
    assert (status(message), memory_provider.accepted[0].template.name) == ("sent", "news")


def test_what_waits_goes_when_the_customer_writes(chat, engine):
    message = news()
    other = news(to="+919876543211")
    drained(engine)
    heard(0)
    assert sweep_now()["released"] == 1
    drained(engine)
    assert (status(message), status(other)) == ("sent", "queued")


def test_what_waits_goes_when_its_text_names_a_template_and_is_written_anew(chat, engine, memory_provider):
    message = news()
    drained(engine)
    listed()
    named()
    assert sweep_now()["released"] == 1
    drained(engine)
    message.refresh_from_db()
    assert (message.status, message.text) == ("sent", "Dear Asha, good news.")
    assert memory_provider.accepted[0].template == Template("news", "en", {"1": "Asha"})


def test_what_cannot_fill_the_template_its_text_names_now_fails_with_the_reason(chat, engine):
    message = news()
    drained(engine)
    Message.objects.filter(pk=message.pk).update(variables={})
    listed()
    named()
    sweep_now()
    message.refresh_from_db()
    assert (message.status, message.error_code) == ("failed", "cannot_render")
    assert "`name` is missing" in message.error
    assert not QueuedMessage.objects.exists()


def test_what_waits_too_long_expires(chat, engine, moved):
    message = news()
    drained(engine)
    moved.forward(hours=25)
    sweep_now()
    assert status(message) == "expired"


def test_a_refusal_as_paused_holds_the_template_for_all_that_go_by_it(chat, engine, asked):
    template = listed()
    named()
    asked.always = TemplateHeld("The approved template is paused.", "132015")
    message = news()
    drained(engine)
    template.refresh_from_db()
    assert (template.status, template.reason) == ("paused", "The approved template is paused.")
    assert (events(message), waiting(message).held_for) == (["template_held"], "template")
    other = news(to="+919876543211")
    drained(engine)
    assert len(asked.texts) == 1, "the other waits and is not tried"
    assert reason(other) == "news (en) is paused (The approved template is paused)."


def test_the_template_approved_last_stays_in_use_until_the_new_one_is(chat, engine, memory_provider):
    listed()
    named()
    listed("pending", name="news_2", body="Hi {{1}}, it is good.")
    text = named("news_2")
    assert text.in_use["name"] == "news"
    news()
    drained(engine)
    assert memory_provider.accepted[0].template.name == "news"
    listed("approved", name="news_2", body="Hi {{1}}, it is good.")
    text.refresh_from_db()
    text.save()
    assert text.in_use["name"] == "news_2"


def test_a_template_that_is_gone_gives_way_to_the_one_that_is_named(chat, engine):
    listed()
    named()
    listed(gone=True)
    listed("pending", name="news_2")
    named("news_2")
    message = news()
    assert message.approved["name"] == "news_2"


def test_who_reads_a_language_without_a_template_gets_the_english_one(chat, engine):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")
    assert news(language="hi").text == "नमस्ते Asha", "English names none either"
    listed()
    named()
    assert news(language="hi").text == "Dear Asha, good news."


def test_what_waits_in_such_a_language_goes_in_english_too_once_there_is_a_template(
    chat, engine, memory_provider
):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")
    message = news(language="hi")
    drained(engine)
    listed()
    named()
    assert sweep_now()["released"] == 1
    drained(engine)
    message.refresh_from_db()
    assert (message.status, message.language, message.text) == ("sent", "en", "Dear Asha, good news.")


def test_what_waits_for_a_template_of_its_own_language_does_not_turn_english(chat, engine):
    hindi = MessageTemplate(kind="test_news", language="hi", content="नमस्ते {{name}}")
    hindi.approved_name, hindi.placeholders = "khabar", {"1": "name"}
    hindi.save()
    message = news(language="hi")
    drained(engine)
    listed()
    named()
    assert sweep_now()["released"] == 0
    message.refresh_from_db()
    assert (message.status, message.language) == ("queued", "hi")


@pytest.mark.parametrize("value", ["", " \n ", "\u200b"])
def test_a_value_that_whatsapp_would_refuse_as_empty_fails_with_the_reason(chat, engine, value):
    listed()
    named()
    message = news(value)
    assert (message.status, message.error_code) == ("failed", "cannot_render")
    assert "`name` is empty" in message.error


def test_a_body_that_the_values_make_too_long_fails_with_the_reason(chat, engine):
    listed()
    named()
    message = news("x" * 1015)
    assert (message.status, message.error_code) == ("failed", "cannot_render")
    assert "WhatsApp takes 1,024" in message.error


def test_a_value_is_not_read_as_a_placeholder(chat, engine):
    listed(body="Dear {{1}}, {{2}} is here.")
    named(placeholders={"1": "name", "2": "name"})
    assert news("{{2}}").text == "Dear {{2}}, {{2}} is here."


def test_another_api_lets_go_what_chat_held(chat, engine, settings):
    message = news()
    drained(engine)
    settings.MYOPERATOR_API = "send-message"
    assert sweep_now()["released"] == 0, (
        "what MyOperator itself said is paused is not asked for each few seconds"
    )
    assert sync(clock.now()) is None
    drained(engine)
    assert status(message) == "sent"


def test_many_are_held_and_let_go_in_bulk(chat, engine, django_assert_max_num_queries):
    outbox.queue_many("test_news", [outbox.Item(f"+9197{n:08d}", {"name": n}) for n in range(60)])
    drained(engine)
    assert QueuedMessage.objects.filter(held_for="template").count() == 60
    listed()
    named()
    with django_assert_max_num_queries(40):
        assert sweep_now()["released"] == 60


def test_what_staff_send_again_goes_by_the_template_that_is_in_use_now(chat, engine, memory_provider):
    message = news()
    drained(engine)
    staff.cancel([message.pk], "chitra")
    listed()
    named()
    staff.resend([message.pk], "chitra")
    drained(engine)
    message.refresh_from_db()
    assert (message.status, message.text) == ("sent", "Dear Asha, good news.")
    assert memory_provider.accepted[0].template == Template("news", "en", {"1": "Asha"})


@pytest.mark.parametrize(("api", "asks"), [("send-message", False), ("chat", True)])
def test_only_where_templates_are_needed_do_writing_and_claiming_read_of_them(engine, settings, api, asks):
    settings.MYOPERATOR_API = api
    with CaptureQueriesContext(connection) as asked:
        news()
        drained(engine)
    hot = [
        query["sql"] for query in asked if "messagetemplate t" in query["sql"] or "leased AS" in query["sql"]
    ]
    assert len(hot) >= 2
    assert all(("notifications_approvedtemplate" in sql) is asks for sql in hot)

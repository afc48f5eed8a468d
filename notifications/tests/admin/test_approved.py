"""Approved templates at the desk: how they stand, asking again, and where a text is apart from its own."""

import pytest
from django.utils import timezone

from notifications import engine
from notifications.models import ApprovedTemplate, MessageTemplate
from notifications.providers.base import Listed, Listing, NotSent
from notifications.tests.admin.conftest import told

LIST = "/admin/notifications/approvedtemplate/"


@pytest.fixture
def chat(settings):
    settings.MYOPERATOR_API = "chat"


@pytest.fixture
def text(texts):
    return MessageTemplate.objects.get(kind="test_news")


def listed(status="approved", body="Hello {{1}}", **more):
    return ApprovedTemplate.objects.create(
        name="news", language="en", status=status, body=body, synced_at=timezone.now(), **more
    )


def named(text):
    text.approved_name, text.placeholders = "news", {"1": "name"}
    text.save()
    return text


def page_of(client, text):
    return client.get(f"/admin/notifications/messagetemplate/{text.pk}/change/").content.decode()


def test_the_list_shows_state_category_and_the_age_of_the_last_sync(chat, chitra):
    listed("paused", reason="LOW_QUALITY", category="marketing", category_was="utility")
    page = chitra.get(LIST).content.decode()
    assert "paused (LOW_QUALITY)" in page
    assert "marketing (was utility)" in page
    assert "Asked MyOperator today at" in page


def test_the_button_asks_myoperator(chat, chitra, monkeypatch):
    one = Listed("news", "en", "utility", "approved", "GREEN", "", "Hello {{1}}", [], "1")
    monkeypatch.setattr(engine, "listed_templates", lambda: Listing([one], True))
    assert told(chitra.post(f"{LIST}sync", follow=True)) == ["MyOperator lists 1 templates."]
    assert ApprovedTemplate.objects.get().sendable


def test_a_failure_is_told_and_changes_nothing(chat, chitra, monkeypatch):
    def refused():
        raise NotSent("MyOperator could not be reached.")

    monkeypatch.setattr(engine, "listed_templates", refused)
    assert told(chitra.post(f"{LIST}sync", follow=True)) == [
        "Nothing was changed: MyOperator could not be reached."
    ]


def test_who_may_only_look_cannot_ask(chat, dev):
    assert dev.post(f"{LIST}sync").status_code == 403


def test_send_message_says_that_it_needs_none(chitra, text):
    assert "need no approved template" in chitra.get(LIST).content.decode()
    assert "need no approved template" in page_of(chitra, text)


def test_a_text_that_names_none_says_what_follows(chat, chitra, text):
    assert "It names no approved template" in page_of(chitra, text)


def test_the_same_words_are_no_drift(chat, chitra, text):
    listed(category="utility", quality="GREEN")
    page = page_of(chitra, named(text))
    assert "news (en): approved, utility, quality GREEN; asked MyOperator today" in page
    assert "does not read these words" not in page


def test_other_words_are_shown(chat, chitra, text):
    listed(body="Dear {{1}}, good news.")
    assert "but the approved ones: Dear Asha, good news." in page_of(chitra, named(text))


def test_utility_that_whatsapp_counts_as_marketing_is_warned_of(chat, chitra, text):
    listed(category="marketing")
    assert "WhatsApp counts news (en) as marketing" in page_of(chitra, named(text))


def test_a_template_that_is_not_approved_is_warned_of(chat, chitra, text):
    listed("pending")
    assert "news (en) is pending. Its messages wait." in page_of(chitra, named(text))


def test_a_wrong_naming_is_told_beside_its_field(chat, chitra, text):
    listed()
    sent = {"content": text.content, "active": "on", "approved_name": "news", "placeholders": '{"1": "nam"}'}
    counts = {f"versions-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    answer = chitra.post(f"/admin/notifications/messagetemplate/{text.pk}/change/", sent | counts)
    assert "did you mean `name`?" in str(answer.context["adminform"].form.errors["placeholders"])


def test_a_naming_is_saved_at_the_desk(chat, chitra, text):
    listed()
    sent = {"content": text.content, "active": "on", "approved_name": "news", "placeholders": '{"1": "name"}'}
    counts = {f"versions-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    chitra.post(f"/admin/notifications/messagetemplate/{text.pk}/change/", sent | counts)
    text.refresh_from_db()
    assert text.in_use["name"] == "news"


def test_what_turned_marketing_is_told_above_the_list_and_with_the_text(chat, chitra, text):
    listed(category="marketing", category_was="utility")

    assert "made marketing of what was utility: news (en)" in chitra.get(LIST).content.decode()


def test_what_whatsapp_dislikes_stands_with_the_text_and_its_place(chitra, text):
    text.content = "Hello {{name}}"
    text.save()

    page = page_of(chitra, text)
    assert "Line 1, character 7</button>" in page
    assert "The text ends with a variable.</span> Put a word" in page

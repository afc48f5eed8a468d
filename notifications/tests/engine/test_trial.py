"""A test of a text: what stands in the editor, on a phone that is there for it, and never mistaken for business."""

from datetime import timedelta

import pytest

from notifications import clock, headline, outbox, staff, statistics, timeline
from notifications.models import (
    ApprovedTemplate,
    Conversation,
    Message,
    MessageEvent,
    MessageTemplate,
    NotificationPreference,
    Priority,
    QueuedMessage,
    StatusChange,
)
from notifications.statistics import Span
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.engine.conftest import drained, news, status, sweep_now, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asha_tries(settings, texts):
    settings.NOTIFICATION_TEST_NUMBERS = [ASHA]


def tried(content="Dear {{name}}!", kind="test_news", to=ASHA, language="en") -> Message:
    return outbox.queue_test(kind, to=to, language=language, content=content, by="chitra")


def test_a_test_says_what_stands_in_the_editor_with_the_samples():
    message = Message.objects.get(pk=tried().pk)

    assert (message.text, message.is_test, message.status) == ("Dear Asha!", True, "queued")
    assert (message.reference_id, message.template_version) == ("", None)


def test_a_text_that_is_saved_so_names_its_version():
    assert tried("Hello {{name}}").template_version == 1


def test_its_headline_says_who_tried_which_text():
    assert headline.headline(tried()).startswith("A test by chitra of version 1, changed and not saved. ")
    assert headline.headline(tried("Hello {{name}}")).startswith("A test by chitra of version 1. ")
    assert "of a text that is not saved yet" in headline.headline(tried("नमस्ते", language="hi"))


def test_the_timeline_says_so_too():
    lines = [(line.words, line.detail, line.by) for line in timeline.lines(tried())]

    assert ("Sent as a test", "version 1, changed and not saved", "chitra") in lines


@pytest.mark.parametrize("to", [BILAL, "nobody", "", "+91 98765 43211"])
def test_a_number_that_is_not_on_the_list_is_refused(to):
    with pytest.raises(outbox.NotForTests):
        tried(to=to)

    assert not Message.objects.exists()


def test_a_number_may_be_written_as_people_write_it():
    assert tried(to="098765-43210").phone == ASHA


def test_marketing_is_tried_without_an_opt_in():
    assert tried("An offer!", kind="test_offer").status == "queued"


def test_stop_is_stop_for_a_test_too():
    NotificationPreference.objects.create(phone=ASHA, enabled=False)

    assert (tried().status, tried().error_code) == ("suppressed", "opted_out")


def test_a_text_that_is_switched_off_can_be_tried():
    MessageTemplate.objects.filter(kind="test_news").update(active=False)

    assert tried("Hello {{name}}").status == "queued"


def test_the_language_tried_goes_before_that_of_the_phones_owner():
    NotificationPreference.objects.create(phone=ASHA, language="kn")

    assert tried(language="hi").language == "hi"


def test_it_neither_pushes_ahead_nor_waits_behind_a_campaign_and_goes_at_any_hour():
    rows = [
        QueuedMessage.objects.get(pk=tried(kind=kind, content="x").pk)
        for kind in ("test_offer", "test_alarm")
    ]

    assert {(row.priority, row.passes_hours) for row in rows} == {(Priority.UTILITY, True)}


def test_it_is_worth_an_hour():
    left = tried().expires_at - clock.now()

    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_it_goes_the_way_of_every_message(engine, asked):
    message = tried()
    drained(engine)

    assert (asked.texts, status(message)) == (["Dear Asha!"], "sent")


def test_it_keeps_the_pace_of_a_person(engine, asked):
    for _ in range(7):
        tried()
    drained(engine)

    assert len(asked.texts) == 5


def test_a_number_that_was_taken_off_the_list_meanwhile_gets_nothing(engine, asked, settings):
    message = tried()
    settings.NOTIFICATION_TEST_NUMBERS = []
    drained(engine)

    assert (asked.texts, status(message)) == ([], "suppressed")


def test_the_statistics_leave_it_out(engine, asked):
    message = tried()
    drained(engine)

    assert status(message) == "sent"
    assert not StatusChange.objects.exists()
    assert statistics.recount(clock.now().date()) == []
    assert statistics.report(Span.until(clock.now(), 1), phones=[ASHA])["total"] == 0


def test_what_is_no_test_is_counted_beside_it(engine, asked):
    tried()
    news()
    drained(engine)

    figures = statistics.report(Span.until(clock.now(), 1))
    assert (figures["total"], figures["sent"]) == (1, 1)


def test_sent_again_it_is_still_a_test_of_the_same_words():
    offer = tried("Other words", kind="test_offer")
    staff.cancel([offer.pk], "chitra")

    assert staff.resend([offer.pk], "chitra").ids == [offer.pk]
    offer.refresh_from_db()
    assert (offer.text, offer.is_test, offer.status) == ("Other words", True, "queued")


def test_where_only_approved_templates_go_out_it_waits_for_the_phone_to_write(
    engine,
    settings,
    memory_provider,
):
    settings.MYOPERATOR_API = "chat"
    message = tried()
    drained(engine)
    held = MessageEvent.objects.get(message_id=message.pk, what="template_held")
    assert (
        held.detail == "Words that are not approved go only within 24 hours of what their phone wrote to us."
    )

    Conversation.heard({ASHA: clock.now()})
    tried("Now {{name}}.")
    drained(engine)

    assert [sent.text for sent in memory_provider.accepted] == ["Now Asha."]


@pytest.fixture
def approved(settings, engine):
    """The text of the news goes by an approved template."""
    settings.MYOPERATOR_API = "chat"
    ApprovedTemplate.objects.create(
        name="news", language="en", status="approved", body="Dear {{1}}, good news.", synced_at=clock.now()
    )
    text = MessageTemplate.objects.get(kind="test_news", language="en")
    text.approved_name, text.placeholders = "news", {"1": "name"}
    text.save()


def test_a_saved_text_is_tried_by_its_approved_template(approved, engine, memory_provider):
    tried("Hello {{name}}")
    drained(engine)

    assert [sent.text for sent in memory_provider.accepted] == ["Dear Asha, good news."]


def test_words_that_wait_for_the_phone_to_write_are_not_changed_into_the_approved_ones(approved, engine):
    message = tried("Other words")
    drained(engine)
    sweep_now()

    message.refresh_from_db()
    assert (message.text, message.approved, waiting(message).held_for) == ("Other words", None, "template")

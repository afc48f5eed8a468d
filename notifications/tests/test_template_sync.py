"""What a sync keeps of MyOperator's list, and what follows for the texts that name its templates."""

import logging

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications import clock, engine, tasks, template_sync
from notifications.models import ApprovedTemplate, MessageTemplate
from notifications.providers import listing
from notifications.providers.base import Listed, Listing, NotNow, NotSent
from notifications.providers.transport import Answer
from notifications.tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def myoperator(settings, monkeypatch, texts):
    """What MyOperator lists; a failure in its place is raised."""
    settings.MYOPERATOR_API = "chat"
    there = {"found": []}

    def asked():
        if isinstance(there["found"], Exception):
            raise there["found"]
        return Listing(there["found"], there.get("complete", True))

    monkeypatch.setattr(engine, "listed_templates", asked)
    return there


def one(name="news", **differing):
    usual = {
        "name": name,
        "language": "en",
        "category": "utility",
        "status": "approved",
        "quality": "GREEN",
        "reason": "",
        "body": "Dear {{1}}, good news.",
        "components": [{"type": "BODY"}],
        "provider_id": "4711",
    }
    return Listed(**(usual | differing))


def synced():
    return template_sync.sync(clock.now())


def kept(name="news"):
    return ApprovedTemplate.objects.get(name=name)


def text(**fields):
    row = MessageTemplate.objects.get(kind="test_news")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def test_the_sample_is_kept(myoperator):
    sample = samples.text("templates_page").encode()
    myoperator["found"] = listing.read_all(lambda offset: Answer(200, {}, sample)).templates
    assert synced().listed == 1
    found = kept("order_confirmation")
    assert (found.language, found.category, found.status, found.quality) == (
        "en",
        "utility",
        "approved",
        "GREEN",
    )
    assert (found.body, found.provider_id) == ("Hello {{1}}, order #{{2}} is confirmed. Thank you.", "4711")
    assert (found.sendable, found.placeholders) == (True, ["1", "2"])
    assert template_sync.last_synced() == found.synced_at


def test_a_second_sync_changes_what_changed(myoperator):
    myoperator["found"] = [one()]
    synced()
    myoperator["found"] = [one(status="paused", quality="RED", reason="LOW_QUALITY")]
    synced()
    found = kept()
    assert (found.status, found.quality, found.standing) == ("paused", "RED", "paused (LOW_QUALITY)")


def test_utility_turned_marketing_is_a_warning_once_and_is_remembered(myoperator, caplog):
    myoperator["found"] = [one()]
    synced()
    myoperator["found"] = [one(category="marketing")]
    with caplog.at_level(logging.WARNING):
        (warning,) = synced().warnings
    assert "news (en) marketing: 6.6 times the price" in warning
    assert warning in caplog.text
    assert synced().warnings == []
    assert (kept().category, kept().category_was) == ("marketing", "utility")


def test_what_is_listed_no_more_is_gone_and_comes_back(myoperator):
    myoperator["found"] = [one(), one("other")]
    synced()
    myoperator["found"] = [one("other")]
    assert synced().gone == 1
    assert (kept().gone, kept().sendable, kept("other").gone) == (True, False, False)
    myoperator["found"] = [one(), one("other")]
    assert synced().gone == 0
    assert kept().sendable


def test_a_list_that_broke_off_makes_nothing_gone(myoperator):
    myoperator["found"] = [one(), one("other")]
    synced()
    myoperator |= {"found": [one("other")], "complete": False}
    assert synced().gone == 0
    assert kept().sendable


def test_an_empty_list_after_a_full_one_is_not_believed(myoperator):
    myoperator["found"] = [one()]
    synced()
    myoperator["found"] = []
    with pytest.raises(NotNow, match="Check MYOPERATOR_WABA_ID"):
        synced()
    assert kept().sendable


def test_a_sync_that_fails_changes_nothing(myoperator):
    myoperator["found"] = [one()]
    synced()
    before = kept().synced_at
    myoperator["found"] = NotSent("MyOperator could not be reached.")
    with pytest.raises(CommandError, match="could not be reached"):
        call_command("sync_templates")
    assert kept().synced_at == before


def test_the_schedule_says_a_failure_in_a_line(myoperator, caplog):
    myoperator["found"] = NotSent("MyOperator could not be reached.")
    tasks.sync_templates()
    assert "the approved templates could not be fetched: MyOperator could not be reached." in caplog.text


def test_words_that_no_column_takes_are_cut_and_cleaned(myoperator):
    myoperator["found"] = [one(reason="\x00x\ud800" * 400, components=[{"text": "\x00\ud800"}])]
    synced()
    assert len(kept().reason) == 500


def test_a_text_goes_by_what_it_names_from_the_sync_that_says_approved(myoperator):
    row = text(approved_name="news", placeholders={"1": "name"})
    myoperator["found"] = [one(status="pending")]
    synced()
    row.refresh_from_db()
    assert row.in_use is None
    myoperator["found"] = [one()]
    synced()
    row.refresh_from_db()
    assert row.in_use == {"name": "news", "language": "en", "placeholders": {"1": "name"}}


def test_who_takes_the_name_away_takes_it_out_of_use(myoperator):
    myoperator["found"] = [one()]
    synced()
    assert text(approved_name="news", placeholders={"1": "name"}).in_use
    assert text(approved_name="", placeholders={}).in_use is None


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"approved_name": "News!"}, "approved_name", "a–z, 0–9 and _ only"),
        ({"approved_name": "x" * 513}, "approved_name", "a–z, 0–9 and _ only"),
        ({"approved_name": "news", "approved_language": "english"}, "approved_language", "for example en"),
        ({"approved_name": "news", "placeholders": ["name"]}, "placeholders", "Write an object"),
        ({"approved_name": "news", "placeholders": {"1": 5}}, "placeholders", "Write an object"),
        ({"approved_name": "news", "placeholders": {"a b": "name"}}, "placeholders", "Write an object"),
        ({"approved_name": "news", "placeholders": {"\x00": "name"}}, "placeholders", "Write an object"),
        ({"approved_name": "news", "placeholders": {"1": "nam"}}, "placeholders", "did you mean `name`?"),
        ({"approved_name": "news", "placeholders": {"1": "\ud800"}}, "placeholders", "there are name."),
        ({"placeholders": {"1": "name"}}, "placeholders", "Name the approved template"),
        ({"approved_name": "news"}, "placeholders", "news (en) has {{1}} too: say which variable"),
        (
            {"approved_name": "news", "placeholders": {"1": "name", "2": "name"}},
            "placeholders",
            "news (en) has no {{2}}: leave that out.",
        ),
    ],
)
def test_a_naming_that_could_never_be_sent_is_refused_by_field(myoperator, fields, field, why):
    myoperator["found"] = [one()]
    synced()
    with pytest.raises(ValidationError) as refused:
        text(**fields)
    assert why in refused.value.message_dict[field][0]


def test_a_language_of_their_own_is_matched_exactly(myoperator):
    myoperator["found"] = [one(language="en_US")]
    synced()
    assert text(approved_name="news", placeholders={"1": "name"}).in_use is None
    assert text(approved_language="en_US").in_use["language"] == "en_US"


def test_a_text_that_no_longer_fits_what_it_names_can_still_be_switched_off(myoperator):
    myoperator["found"] = [one()]
    synced()
    text(approved_name="news", placeholders={"1": "name"})
    ApprovedTemplate.objects.update(body="Dear {{1}} and {{2}}.", synced_at=timezone.now())
    assert text(active=False).active is False


def test_send_message_needs_no_sync_and_the_command_says_so(settings, capsys):
    settings.MYOPERATOR_API = "send-message"
    call_command("sync_templates")
    assert "no template is needed" in capsys.readouterr().out

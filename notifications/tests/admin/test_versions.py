"""The versions of a text: who changed what, any two beside each other, and the way back."""

import pytest
from django.contrib.admin.models import LogEntry

from notifications import outbox
from notifications.admin.templates import version_link
from notifications.models import Message
from notifications.tests.admin.conftest import told
from notifications.tests.admin.test_templates import LIST, save
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(texts, chitra):
    text = texts[0]
    save(chitra, text, "Dear {{name}}, hello.")
    save(chitra, text, "Dear {{name}}, good morning <b>.")
    text.refresh_from_db()
    return text


def versions(text, rest=""):
    return f"{LIST}{text.pk}/versions/{rest}"


def page(client, text, rest=""):
    response = client.get(versions(text, rest))
    assert response.status_code == 200
    return response.content.decode()


def test_every_version_has_its_author_and_its_difference(chitra, text):
    html = page(chitra, text)

    assert [f"Version {n}</a>" in html for n in (1, 2, 3)] == [True, True, True]
    assert '<del><span class="visually-hidden">taken out: </span>hello</del>' in html
    assert '<ins><span class="visually-hidden">put in: </span>good morning &lt;b&gt;</ins>' in html
    assert "by chitra" in html
    assert "by the system" in html


def test_any_two_are_compared_by_an_address(chitra, text):
    html = page(chitra, text, "?from=1&to=3")

    assert "From version 1 to version 3" in html
    assert '<option value="1" selected>' in html


def test_two_that_say_the_same_are_said_to(chitra, text):
    assert "They say the same." in page(chitra, text, "?from=2&to=2")


@pytest.mark.parametrize("rest", ["?from=1&to=99", "99/", "99/back/"])
def test_a_version_that_is_not_there_is_not_found(chitra, text, rest):
    assert chitra.get(versions(text, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["?from=x&to=1", "?from=1", "?before=²", "?from=" + "9" * 30 + "&to=1"])
def test_an_address_that_asks_for_nonsense_shows_the_list(chitra, text, rest):
    assert "From version" not in page(chitra, text, rest)


def test_older_versions_have_a_page_of_their_own(chitra, text, monkeypatch):
    monkeypatch.setattr("notifications.admin.templates.versions.LISTED", 2)

    html = page(chitra, text)
    assert "?before=2" in html
    assert "The first text." not in html
    assert "The first text." in page(chitra, text, "?before=2")


def test_a_version_has_its_page(chitra, text):
    html = page(chitra, text, "2/")

    assert "Dear Asha, hello." in html
    assert "What it changed of version 1" in html
    assert "What was changed since" in html


def test_going_back_is_shown_before_it_is_done(chitra, text):
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    html = page(chitra, text, "1/back/")

    assert "The words of version 1 would be version 4." in html
    assert "The last 1 would all go well." in html
    assert "1 message that waits keeps the words it has." in html
    assert "The text ends with a variable." in html
    text.refresh_from_db()
    assert text.version == 3


def test_going_back_makes_a_new_version_and_leaves_a_note(chitra, text):
    response = chitra.post(versions(text, "1/back/"), {"seen": 3}, follow=True)

    text.refresh_from_db()
    assert (text.content, text.version, text.updated_by) == ("Hello {{name}}", 4, chitra.user)
    assert told(response) == ["The words of version 1 are in use again, as version 4."]
    entry = LogEntry.objects.first()
    assert entry.get_change_message() == "Went back to version 1, which is version 4 now."
    assert "back to version 1" in page(chitra, text)


def test_going_back_is_refused_where_somebody_saved_meanwhile(chitra, text):
    response = chitra.post(versions(text, "1/back/"), {"seen": 2}, follow=True)

    text.refresh_from_db()
    assert text.version == 3
    assert "Look again before you go back." in told(response)[0]


@pytest.mark.parametrize("seen", ["", "x", "9" * 30])
def test_going_back_without_having_looked_is_refused(chitra, text, seen):
    chitra.post(versions(text, "1/back/"), {"seen": seen})

    text.refresh_from_db()
    assert text.version == 3


def test_a_version_whose_words_are_no_good_any_more_has_no_way_back(chitra, text):
    text.versions.filter(number=1).update(content="Hello {{gone}}")

    html = page(chitra, text, "1/back/")

    assert "It cannot be used any more: There is no variable `gone`" in html
    assert "Yes, back" not in html


def test_who_may_only_look_looks(dev, text):
    assert "Back to version" not in page(dev, text)
    assert dev.get(versions(text, "1/back/")).status_code == 403
    assert dev.post(versions(text, "1/back/"), {"seen": 3}).status_code == 403
    dev.user.user_permissions.clear()
    assert dev.get(versions(text)).status_code == 403
    assert dev.get(versions(text, "1/")).status_code == 403


def test_a_message_leads_to_the_version_it_was_made_from(chitra, text):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    html = chitra.get(f"/admin/notifications/message/{message.pk}/change/").content.decode()

    assert f'<a href="{versions(text, "3/")}">version 3</a>' in html


def test_a_message_of_no_version_and_of_a_text_that_is_gone_leads_nowhere(texts):
    assert version_link(Message(kind="test_news", language="en")) == "–"
    assert version_link(Message(kind="gone", language="en", template_version=3)) == "version 3"

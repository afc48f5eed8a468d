"""“Send me a test”: the text as it stands in the editor, to a phone on the list, and what became of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from notifications.models import Message
from notifications.tests.admin.test_templates import LIST
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def _texts(texts, settings):
    settings.NOTIFICATION_TEST_NUMBERS = [ASHA]


def send(client, content="Dear {{name}}!", to=ASHA, kind="test_news", language="en", **headers):
    body = {"content": content, "to": to, "kind": kind, "language": language}
    return client.post(f"{LIST}test/", body, **(headers or JSON))


def test_the_unsaved_text_is_sent_and_marked(chitra):
    response = send(chitra)

    message = Message.objects.get()
    assert (response.status_code, message.text, message.is_test) == (201, "Dear Asha!", True)
    told = response.json()
    assert (told["status"], told["goes_on"]) == ("queued", True)
    assert told["words"].startswith("A test by chitra of version 1, changed and not saved.")
    assert told["page"] == f"/admin/notifications/message/{message.pk}/change/"


def test_it_is_in_the_audit_trail_with_the_number_masked(chitra):
    send(chitra)

    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (chitra.user, "Sent as a test to +91••••••3210.")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"to": BILAL}, "is not among the numbers for tests"),
        ({"to": "nobody"}, "number"),
        ({"content": "Dear {{nmae}}"}, "Line 1: There is no variable `nmae`"),
        ({"content": ""}, "Line 1: The text is empty."),
        ({"content": "x" * 1100}, "WhatsApp takes 1,024"),
        ({"kind": "nothing"}, "Choose the kind of message first."),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(chitra, wrong, why):
    response = send(chitra, **wrong)

    assert response.status_code == 400
    assert why in response.json()["error"]
    assert not Message.objects.exists()


def test_it_takes_the_right_to_change_texts(dev):
    assert send(dev).status_code == 403
    assert not Message.objects.exists()


def test_it_takes_a_post(chitra):
    assert chitra.get(f"{LIST}test/").status_code == 405


def test_without_a_script_one_is_led_to_the_message(chitra):
    response = send(chitra, HTTP_ACCEPT="text/html")

    assert response.headers["Location"] == f"/admin/notifications/message/{Message.objects.get().pk}/change/"


def test_without_a_script_a_refusal_is_a_plain_sentence(chitra):
    response = send(chitra, to=BILAL, HTTP_ACCEPT="text/html")

    assert response.status_code == 400
    assert "not among the numbers for tests" in response.content.decode()


def test_one_can_watch_what_becomes_of_it(chitra):
    where = send(chitra).json()["status_at"]

    assert chitra.get(where).json()["label"] == "Queued"


def test_what_is_no_test_cannot_be_watched_here(chitra):
    where = send(chitra).json()["status_at"]
    Message.objects.update(is_test=False)

    assert chitra.get(where).status_code == 404


def test_the_page_offers_the_numbers_and_says_how_to_allow_one(chitra, texts, settings):
    page = f"{LIST}{texts[0].pk}/change/"
    assert f'<option value="{ASHA}">{ASHA}</option>' in chitra.get(page).content.decode()

    settings.NOTIFICATION_TEST_NUMBERS = []
    assert "NOTIFICATION_TEST_NUMBERS=+919876543210" in chitra.get(page).content.decode()


def test_who_may_not_see_numbers_chooses_one_by_its_place(chitra, texts, settings):
    settings.NOTIFICATION_TEST_NUMBERS = [BILAL, ASHA]
    chitra.user.user_permissions.remove(Permission.objects.get(codename="see_numbers"))

    html = chitra.get(f"{LIST}{texts[0].pk}/change/").content.decode()
    assert '<option value="2">+91••••••3210</option>' in html
    assert ASHA not in html

    assert send(chitra, to="2").status_code == 201
    assert Message.objects.get().phone == ASHA


def test_what_became_of_it_is_told_without_numbers(chitra):
    where = send(chitra).json()["status_at"]
    Message.objects.update(status="failed", error=f"{ASHA} is not on WhatsApp.")
    assert ASHA in chitra.get(where).json()["words"]

    chitra.user.user_permissions.remove(Permission.objects.get(codename="see_numbers"))
    assert "+91••••••3210 is not on WhatsApp." in chitra.get(where).json()["words"]


def test_the_page_says_what_whatsapp_takes_where_texts_need_approval(chitra, texts, settings):
    settings.MYOPERATOR_API = "chat"

    html = chitra.get(f"{LIST}{texts[0].pk}/change/").content.decode()

    assert "only within 24 hours of what that phone wrote to us" in html


def test_the_log_marks_it(chitra):
    send(chitra)
    message = Message.objects.get()

    listed = chitra.get("/admin/notifications/message/").content.decode()
    page = chitra.get(f"/admin/notifications/message/{message.pk}/change/").content.decode()

    assert "News (tests) (test)" in listed
    assert "A test by chitra of version 1, changed and not saved." in page
    assert "words that were not saved" in page

"""The editor: what it shows before any script runs, what it answers while somebody types, and who may ask."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import MessageTemplate
from notifications.tests.admin.test_templates import LIST, NO_VERSIONS, save

pytestmark = pytest.mark.django_db
PREVIEW = f"{LIST}preview/"


@pytest.fixture
def text(texts):
    return texts[0]


def page(client, text):
    return client.get(f"{LIST}{text.pk}/change/").content.decode()


def previewed(client, content, kind="test_news", language="en", **more):
    response = client.post(PREVIEW, {"kind": kind, "language": language, "content": content, **more})
    assert response.status_code == 200
    return response.json()


def test_the_page_shows_bubble_count_and_picker_without_a_script(chitra, text):
    html = page(chitra, text)

    assert '<span class="words">Hello Asha</span>' in html
    assert "<strong>10</strong> of 1,024 characters" in html
    assert 'data-insert="{{name}}"' in html


def test_the_bubble_has_the_phones_marks_and_line_breaks(chitra, text):
    bubble = previewed(chitra, "Hi *{{name}}*\n_one_ ~two~ ```three``` 🥛")["bubble"]

    assert "Hi <b>Asha</b>\n<i>one</i> <s>two</s> <code>three</code> 🥛" in bubble


def test_nothing_in_a_text_or_a_sample_is_a_tag(chitra, text):
    answer = json.dumps(previewed(chitra, "<script>alert(1)</script> {{name}} {{<img src=x>"))

    assert "<script>" not in answer
    assert "<img" not in answer


def test_a_mistake_comes_with_its_place_and_without_a_bubble(chitra, text):
    told = previewed(chitra, "One\nDear {{nmae}}.")

    assert (told["bubble"], told["ok"]) == (None, False)
    assert told["marks"] == [
        {
            "line": 2,
            "column": 8,
            "length": 4,
            "message": "There is no variable `nmae`; did you mean `name`?",
            "remedy": "",
            "is_error": True,
        }
    ]
    assert "Line 2, character 8</button>" in told["faults"]


def test_what_whatsapp_dislikes_comes_with_the_bubble(chitra, text):
    told = previewed(chitra, "Hello {{name}}")

    assert told["ok"] is True
    assert "The text ends with a variable." in told["faults"]
    assert "Hello Asha" in told["bubble"]


def test_nobody_is_told_that_an_empty_text_is_empty(chitra, text):
    assert previewed(chitra, " ")["marks"] == []


def test_while_only_the_words_change_no_table_is_asked_but_for_who_asks(chitra, text):
    with CaptureQueriesContext(connection) as asked:
        previewed(chitra, "Hello {{name}}!")

    assert [query["sql"] for query in asked if "notifications_" in query["sql"]] == []


def test_another_kind_brings_its_own_variables_and_its_own_languages(chitra, text):
    told = previewed(chitra, "x", kind="test_offer", surroundings="yes")

    assert "This kind has no variables" in told["picker"]
    assert "kind=test_offer" in told["tabs"]


@pytest.mark.parametrize("kind", ["", "nothing", "x" * 200])
def test_without_a_kind_the_words_alone_are_shown(chitra, text, kind):
    told = previewed(chitra, "Hello", kind=kind, surroundings="yes")

    assert "Hello" in told["bubble"]
    assert "Choose the kind" in told["picker"]


def test_an_unknown_language_is_english(chitra, text):
    assert "Hello" in previewed(chitra, "Hello", language="xx")["bubble"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=12), st.text(max_size=12))
def test_the_preview_answers_whatever_is_typed(chitra, text, content, kind, language):
    body = {"content": content, "kind": kind, "language": language}
    body = {name: value.encode("utf-8", "replace").decode() for name, value in body.items()}

    assert chitra.post(PREVIEW, body).status_code == 200


def test_the_preview_is_for_who_may_look_at_texts(dev, text, db):
    assert dev.post(PREVIEW, {"kind": "test_news", "language": "en", "content": "x"}).status_code == 200
    dev.user.user_permissions.clear()
    assert dev.post(PREVIEW, {"kind": "test_news", "language": "en", "content": "x"}).status_code == 403
    assert Client().post(PREVIEW, {}).status_code == 302


def test_the_preview_takes_posts_with_their_token_only(chitra, text):
    assert chitra.get(PREVIEW).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chitra.user)
    assert strict.post(PREVIEW, {"content": "x"}).status_code == 403


def test_who_may_only_look_sees_the_text_and_no_way_to_change_or_send_it(dev, text, settings):
    settings.NOTIFICATION_TEST_NUMBERS = ["+919876543210"]
    html = page(dev, text)

    assert "readonly>" in html
    assert "Hello Asha" in html
    assert "Send me a test" not in html
    assert 'name="content"' not in html


def test_every_language_has_a_tab_that_says_what_is_missing_and_what_is_off(chitra, text):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते", active=False)

    html = page(chitra, text)

    assert "kind=test_news&amp;language=kn" in html
    assert "ಕನ್ನಡ: no text yet: English is sent" in html
    assert "हिन्दी: switched off: nothing is sent" in html


def test_adding_a_language_begins_with_its_kind_and_the_english_text_beside(chitra, text):
    html = chitra.get(f"{LIST}add/?kind=test_news&language=ur").content.decode()

    assert '<option value="test_news" selected>' in html
    assert '<option value="ur" selected>' in html
    assert "The English text" in html
    assert "Hello {{name}}" in html


def test_an_address_that_asks_for_nonsense_is_an_empty_form(chitra, text):
    assert chitra.get(f"{LIST}add/?kind=%00&language=zz").status_code == 200


def seen(text):
    return {"seen": f"{text.version}-{'on' if text.active else 'off'}"}


def test_of_two_who_save_the_second_is_told_and_keeps_what_was_typed(chitra, text):
    before = seen(text)
    save(chitra, text, "Theirs for {{name}}.", **before)

    response = save(chitra, text, "Mine for {{name}}.", **before)

    text.refresh_from_db()
    assert (text.content, text.version) == ("Theirs for {{name}}.", 2)
    html = response.content.decode()
    assert "chitra saved version 2 while you were writing." in html
    assert "Mine for {{name}}.</textarea>" in html
    assert "Theirs for {{name}}.</p>" in html
    assert 'name="seen" value="2-on"' in html


def test_having_seen_the_others_text_one_may_save(chitra, text):
    save(chitra, text, "Theirs for {{name}}.", **seen(text))
    text.refresh_from_db()

    save(chitra, text, "Both for {{name}}.", **seen(text))

    text.refresh_from_db()
    assert (text.content, text.version) == ("Both for {{name}}.", 3)


def test_what_somebody_switched_off_is_not_switched_on_by_an_older_form(chitra, text):
    before = seen(text)
    chitra.post(LIST, {"action": "switch_off", "_selected_action": [text.pk]})

    response = save(chitra, text, "New for {{name}}.", **before)

    text.refresh_from_db()
    assert text.active is False
    assert "chitra switched this text off while you were writing." in response.content.decode()


def test_line_breaks_of_a_form_are_no_change(chitra, text):
    MessageTemplate.objects.filter(pk=text.pk).update(content="Hello\n{{name}}")

    save(chitra, text, "Hello\r\n{{name}}", **seen(text))

    text.refresh_from_db()
    assert (text.content, text.version) == ("Hello\n{{name}}", 1)


def test_a_text_is_added_without_a_script(chitra, text):
    body = {
        "kind": "test_news",
        "language": "kn",
        "content": "ನಮಸ್ಕಾರ {{name}}!",
        "active": "on",
        **NO_VERSIONS,
    }
    chitra.post(f"{LIST}add/", body)

    assert MessageTemplate.objects.filter(kind="test_news", language="kn").exists()


def test_the_page_of_a_text_is_called_as_staff_call_it(chitra, texts):
    page = chitra.get(f"/admin/notifications/messagetemplate/{texts[0].pk}/change/").content.decode()

    assert "News (tests), English" in page
    assert "Test_news (en)" not in page

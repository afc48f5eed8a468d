"""A new text against real messages: asked while somebody writes, and once more before it is saved."""

import pytest
from django.contrib.auth.models import Permission

from notifications import outbox
from notifications.tests.admin.conftest import told
from notifications.tests.admin.test_templates import LIST, save
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db
REHEARSE = f"{LIST}rehearse/"


@pytest.fixture
def text(texts):
    text = texts[0]
    text.content = "Hello"
    text.save()
    return text


def sent(**variables):
    return outbox.queue("test_news", to=ASHA, variables=variables)


def rehearsed(client, content):
    body = {"kind": "test_news", "language": "en", "content": content}
    return client.post(REHEARSE, body).content.decode()


def test_what_would_fail_is_shown_with_its_message_and_the_rest_as_bubbles(chitra, text):
    bad, _ = sent(other="x"), sent(name="Asha Rao")

    html = rehearsed(chitra, "Dear {{name}}!")

    assert "1 of 2 would fail." in html
    assert f'<a href="/admin/notifications/message/{bad.pk}/change/">msg_{bad.pk}</a>' in html
    assert "Dear Asha Rao!" in html


def test_what_waits_is_counted(chitra, text):
    sent(name="A")

    assert "1 message that waits keeps the words it has." in rehearsed(chitra, "Dear {{name}}!")


def test_who_may_not_read_messages_learns_how_many_fail_and_sees_none(dev, text):
    sent(name="Asha Rao")
    dev.user.user_permissions.remove(Permission.objects.get(codename="view_message"))

    html = rehearsed(dev, "Dear {{name}}!")

    assert "The one there is goes well." in html
    assert "Asha Rao" not in html


def test_a_number_in_a_real_message_is_masked_for_who_may_not_see_it(dev, text):
    sent(name="+919876500001, 98765 00001, 919876500001 or 09876500001")

    html = rehearsed(dev, "Call {{name}} now")

    assert "Call +91••••••0001, ••••••0001, ••••••0001 or ••••••0001 now" in html


def test_a_text_with_a_mistake_is_not_tried(chitra, text):
    sent(name="A")

    assert "cannot be tried while it cannot be saved" in rehearsed(chitra, "{{")


def test_where_there_is_no_message_it_says_so(chitra, text):
    assert "No real message of this kind" in rehearsed(chitra, "Dear {{name}}!")


def test_a_text_that_breaks_real_messages_is_saved_only_when_asked_again(chitra, text):
    sent(other="x")

    response = save(chitra, text, "Dear {{name}}!")

    text.refresh_from_db()
    assert text.content == "Hello"
    html = response.content.decode()
    assert "The last real message would fail with this text: `name` is missing" in html
    assert "Dear {{name}}!</textarea>" in html

    save(chitra, text, "Dear {{name}}!", all_the_same="on")
    text.refresh_from_db()
    assert text.content == "Dear {{name}}!"


def test_what_fails_with_the_saved_text_too_is_no_reason_to_ask(chitra, text):
    text.content = "Hello {{name}}"
    text.save()
    sent(other="x")

    save(chitra, text, "Dear {{name}}!")

    text.refresh_from_db()
    assert text.content == "Dear {{name}}!"


def test_after_saving_one_is_told_how_many_keep_the_old_words(chitra, text):
    sent(name="A")

    words = told(save(chitra, text, "Dear {{name}}!"))

    assert "It is version 3 now. 1 message that waits keeps the words it has." in words


def test_saving_without_a_change_says_nothing_of_versions(chitra, text):
    assert not any("version" in words for words in told(save(chitra, text, "Hello")) if "It is" in words)


def test_it_takes_posts_of_who_may_look(chitra, dev, text):
    assert chitra.get(REHEARSE).status_code == 405
    dev.user.user_permissions.clear()
    assert dev.post(REHEARSE, {}).status_code == 403

"""The texts in admin: refused with the line, shown at once, never lost."""

import pytest

from notifications import outbox
from notifications.models import MessageTemplate, TemplateVersion
from notifications.tests.admin.conftest import told
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/messagetemplate/"
NO_VERSIONS = {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}


@pytest.fixture
def text(texts):
    return texts[0]


def save(client, text, content, **fields):
    body = {"content": content, "active": "on", **NO_VERSIONS, **fields}
    return client.post(f"{LIST}{text.pk}/change/", body, follow=True)


def test_a_changed_text_is_the_next_version_with_its_author(chitra, text):
    save(chitra, text, "Good evening {{name}}!")

    text.refresh_from_db()
    assert (text.content, text.version, text.updated_by) == ("Good evening {{name}}!", 2, chitra.user)
    assert TemplateVersion.objects.get(template=text, number=2).author == chitra.user
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    assert message.text == "Good evening Asha!"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Hello\n{{name", "Line 2: unclosed {{"),
        ("Hello {{nmae}}!", "Line 1: there is no variable `nmae`; did you mean `name`?"),
        ("{% for x in name %}{% endfor %}", "Line 1: loops are not allowed"),
        ("x" * 4097, "at most 4,096"),
        ("", "This field is required."),
    ],
)
def test_a_text_that_cannot_be_rendered_is_refused_at_its_field(chitra, text, content, why):
    response = save(chitra, text, content)

    assert why in str(response.context["adminform"].form.errors["content"].as_data())
    text.refresh_from_db()
    assert text.content == "Hello {{name}}"


def test_what_was_entered_is_not_lost_when_it_is_refused(chitra, text):
    assert "Hello my dear {{name" in save(chitra, text, "Hello my dear {{name").content.decode()


def test_what_whatsapp_dislikes_is_a_warning(chitra, text):
    warnings = told(save(chitra, text, "Hello {{name}}"))

    assert any("The text ends with a variable." in warning for warning in warnings)


def test_the_saved_text_is_shown_with_the_samples(chitra, text):
    MessageTemplate.objects.filter(pk=text.pk).update(content="Hello *{{name}}* <b>")

    html = chitra.get(f"{LIST}{text.pk}/change/").content.decode()

    assert "Hello <b>Asha</b> &lt;b&gt;" in html


def test_the_variables_of_the_kind_are_listed(chitra, text):
    assert "<code>{{name}}</code>" in chitra.get(f"{LIST}{text.pk}/change/").content.decode()


def test_a_kind_and_a_language_have_one_text(chitra, text):
    body = {"kind": "test_news", "language": "en", "content": "Again", **NO_VERSIONS}

    response = chitra.post(f"{LIST}add/", body)

    assert "already has a text in this language" in response.content.decode()


def test_a_language_is_added(chitra, text):
    body = {"kind": "test_news", "language": "hi", "content": "नमस्ते {{name}}!", "active": "on", **NO_VERSIONS}

    chitra.post(f"{LIST}add/", body)

    assert MessageTemplate.objects.get(kind="test_news", language="hi").updated_by == chitra.user


def test_a_text_that_does_not_fit_its_kind_any_more_is_named_and_stays_off(chitra, text):
    MessageTemplate.objects.filter(pk=text.pk).update(content="Dear {{nobody}}!", active=False)

    response = chitra.post(LIST, {"action": "switch_on", "_selected_action": [text.pk]}, follow=True)

    assert "no variable `nobody`" in response.content.decode()
    assert "Correct the text first." in response.content.decode()
    text.refresh_from_db()
    assert not text.active


def test_a_text_is_switched_off_and_not_deleted(chitra, text):
    assert chitra.post(f"{LIST}{text.pk}/delete/", {"post": "yes"}).status_code == 403

    chitra.post(LIST, {"action": "switch_off", "_selected_action": [text.pk]})

    text.refresh_from_db()
    assert (text.active, text.version, text.updated_by) == (False, 1, chitra.user)


def test_who_may_only_look_saves_nothing(dev, text):
    assert save(dev, text, "Other").status_code == 403
    assert dev.get(f"{LIST}{text.pk}/change/").status_code == 200

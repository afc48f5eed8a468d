"""Back to an earlier version: forwards in number, backwards in words."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from notifications import versions
from notifications.models import TemplateVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def chitra(db):
    return User.objects.create_user("chitra")


@pytest.fixture
def text(texts):
    text = texts[0]
    for content in ("Second {{name}}.", "Third {{name}}."):
        text.content = content
        text.save()
    return text


def test_the_earlier_words_become_the_next_version(text, chitra):
    now = versions.go_back(text.pk, 1, chitra, seen=3)

    assert (now.content, now.version, now.updated_by) == ("Hello {{name}}", 4, chitra)
    kept = TemplateVersion.objects.get(template=text, number=4)
    assert (kept.author, kept.note, kept.content) == (chitra, "back to version 1", "Hello {{name}}")
    assert text.versions.count() == 4


def test_it_is_refused_where_another_version_was_saved_meanwhile(text, chitra):
    with pytest.raises(ValidationError, match="Version 3 was saved while you were looking"):
        versions.go_back(text.pk, 1, chitra, seen=2)


def test_there_is_nothing_to_go_back_to_where_the_words_are_the_same(text, chitra):
    with pytest.raises(ValidationError, match="nothing to go back to"):
        versions.go_back(text.pk, 3, chitra, seen=3)


def test_words_that_cannot_be_rendered_any_more_are_refused(text, chitra):
    TemplateVersion.objects.filter(template=text, number=1).update(content="Hello {{gone}}")

    with pytest.raises(ValidationError, match="there is no variable `gone`"):
        versions.go_back(text.pk, 1, chitra, seen=3)
    text.refresh_from_db()
    assert text.version == 3


def test_a_version_keeps_no_note_by_itself(text):
    assert set(text.versions.values_list("note", flat=True)) == {""}

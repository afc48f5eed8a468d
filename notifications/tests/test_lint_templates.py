"""`manage.py lint_templates`: every text, one line for each finding."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notifications.models import MessageTemplate
from notifications.tests.conftest import NEWS, OFFER

pytestmark = pytest.mark.django_db


def lint(*words):
    said = StringIO()
    call_command("lint_templates", *words, stdout=said)
    return [line.split() for line in said.getvalue().splitlines()]


def write(kind, content, language="en"):
    MessageTemplate.objects.update_or_create(kind=kind, language=language, defaults={"content": content})


def test_a_finding_is_a_line_with_its_text_place_and_remedy(texts):
    write(NEWS.code, "Hello\nthere {{name}}")

    head, found, total = lint(f"--kind={NEWS.code}")
    assert head == ["KIND", "LANGUAGE", "PLACE", "FOUND", "REMEDY"]
    assert found[:3] == [NEWS.code, "en", "2:7"]
    assert " ".join(found[3:]).startswith("The text ends with a variable. Put a word")
    assert " ".join(total) == "Findings: 1, in texts: 1."


def test_texts_are_chosen_by_kind_and_by_language(texts):
    write(NEWS.code, "{{name}}, hello!")
    write(NEWS.code, "{{name}}, नमस्ते!", "hi")

    assert {line[1] for line in lint(f"--kind={NEWS.code}")[1:-1]} == {"en", "hi"}
    assert [line[:2] for line in lint("--language=hi") if line[0] == NEWS.code] == [[NEWS.code, "hi"]]


def test_a_marketing_kind_may_promote(texts):
    write(OFFER.code, "25% OFF for you")

    assert lint(f"--kind={OFFER.code}") == [["Findings:", "0,", "in", "texts:", "1."]]


def test_strict_fails_where_anything_is_found_and_only_there(texts):
    assert lint(f"--kind={OFFER.code}", "--strict")
    with pytest.raises(CommandError, match="Findings: 1, in texts: 1"):
        lint(f"--kind={NEWS.code}", "--strict")


@pytest.mark.parametrize("words", [["--kind=nothing"], ["--kind=test_news", "--language=hi"]])
def test_texts_that_are_not_there_are_refused(texts, words):
    with pytest.raises(CommandError, match="There is no text of the kind"):
        lint(*words)


@pytest.mark.parametrize("language", ["en", "hi", "kn", "ta", "te", "mr"])
def test_no_installed_utility_text_sounds_like_promotion(language):
    assert not [line for line in lint(f"--language={language}") if "promotion" in line]

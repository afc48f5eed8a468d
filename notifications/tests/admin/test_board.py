"""The list of texts by kind: what there is in which language, and what is missing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import MessageTemplate
from notifications.tests.admin.test_templates import LIST

pytestmark = pytest.mark.django_db


def board(client):
    return client.get(LIST).content.decode()


def test_what_is_missing_in_a_language_that_is_in_use_can_be_added_at_once(chitra, texts):
    MessageTemplate.objects.create(kind="test_news", language="gu", content="નમસ્તે")

    html = board(chitra)

    assert "kind=test_offer&amp;language=gu" in html
    assert f"{LIST}{texts[0].pk}/change/" in html
    assert "missing in a language that others are written in" in html


def test_a_text_that_is_off_is_counted(chitra, texts):
    MessageTemplate.objects.filter(pk=texts[0].pk).update(active=False)

    assert "1 is switched off." in board(chitra)


def test_where_nothing_is_missing_it_says_so(chitra, texts):
    MessageTemplate.objects.exclude(language="en").delete()

    assert "Every kind has a text in every language that is in use." in board(chitra)


@pytest.mark.parametrize("asked", ["?o=1.2", "?q=Hello", "?language__exact=en"])
def test_who_searches_filters_or_sorts_gets_rows(chitra, texts, asked):
    html = chitra.get(LIST + asked).content.decode()

    assert 'class="kinds"' not in html
    assert "action-select" in html


def test_more_texts_take_no_more_queries(chitra, texts):
    with CaptureQueriesContext(connection) as few:
        board(chitra)
    for code, _ in (("hi", 1), ("kn", 1), ("ta", 1)):
        for kind in ("test_news", "test_offer", "test_alarm"):
            MessageTemplate.objects.create(kind=kind, language=code, content="x")
    with CaptureQueriesContext(connection) as many:
        board(chitra)

    assert len(many) == len(few)

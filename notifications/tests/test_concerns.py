"""What works today and will cost, or stop, tomorrow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import concerns
from notifications.models import ApprovedTemplate, MessageTemplate, Reach

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_ours(settings):
    settings.MYOPERATOR_API, settings.MYOPERATOR_TIER = "chat", "250"


def listed(name, hours=0, **more):
    at = timezone.now() - timedelta(hours=hours)
    return ApprovedTemplate.objects.create(name=name, language="en", status="approved", synced_at=at, **more)


def reached(settings, people):
    Reach.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, people=people, counted_at=timezone.now())


def all_of_them():
    return concerns.all_of_them(timezone.now())


def test_where_all_is_well_there_is_nothing_to_say(settings):
    listed("news", category="marketing")
    listed("order", category="utility", category_was="marketing")
    listed("old", category="marketing", category_was="utility", gone=True)
    reached(settings, 199)

    assert all_of_them() == []


def test_utility_that_turned_marketing_is_named():
    listed("order", category="marketing", category_was="utility")

    (said,) = all_of_them()
    assert "order (en)" in said


def test_a_template_that_is_paused_while_a_text_goes_by_it_is_named(texts):
    for name in ("news", "unused"):
        listed(name, body="Hello {{1}}")
    text = MessageTemplate.objects.get(kind="test_news")
    text.approved_name, text.placeholders = "news", {"1": "name"}
    text.save()
    ApprovedTemplate.objects.update(status="paused", reason="LOW_QUALITY")

    assert all_of_them() == [
        "Messages wait, because an approved template cannot be sent any more: news (en) is paused (LOW_QUALITY)."
    ]


def test_a_list_that_was_not_read_for_hours_is_told():
    listed("order", hours=4)

    (said,) = all_of_them()
    assert said.startswith("MyOperator's list of templates is old")


def test_where_no_template_is_needed_none_is_spoken_of(settings):
    settings.MYOPERATOR_API = "send-message"
    listed("order", hours=4, category="marketing", category_was="utility")

    assert all_of_them() == []


@pytest.mark.parametrize(
    ("tier", "people", "told"), [("250", 200, True), ("250", 260, True), ("unlimited", 10**6, False)]
)
def test_four_fifths_of_the_tier_are_told(settings, tier, people, told):
    settings.MYOPERATOR_TIER = tier
    reached(settings, people)

    assert [f"{people:,} people" in said for said in all_of_them()] == [True] * told

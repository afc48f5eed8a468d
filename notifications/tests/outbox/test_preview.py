"""What would become of messages, asked before they are recorded."""

from decimal import Decimal

import pytest

from notifications import outbox
from notifications.clock import now
from notifications.models import Message, MessageTemplate, NotificationPreference
from notifications.outbox import Item
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts(texts):
    return texts


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"marketing_opt_in_at": "now"}, ""),
        ({}, "no_opt_in"),
        ({"marketing_opt_in_at": "now", "enabled": False}, "opted_out"),
        ({"marketing_opt_in_at": "now", "promotional": False}, "category_off"),
        ({"marketing_opt_in_at": "now", "unreachable_at": "now"}, "unreachable"),
    ],
)
def test_who_would_be_told_and_who_not_and_why(wishes, code):
    given = {name: now() if value == "now" else value for name, value in wishes.items()}
    NotificationPreference.objects.create(phone=ASHA, **given)

    assert outbox.preview("test_offer", [Item(ASHA, {})]) == {code: 1}
    assert not Message.objects.exists()


def test_whoever_was_told_already_is_known():
    outbox.opt_in(ASHA)
    outbox.queue("test_offer", to=ASHA, variables={}, key="offer:1")

    found = outbox.preview("test_offer", [Item(ASHA, {}, key="offer:1"), Item(ASHA, {}, key="offer:2")])

    assert found == {"known": 1, "": 1}


def test_what_cannot_be_written_is_counted_by_its_code():
    MessageTemplate.objects.filter(kind="test_news").update(active=False)
    items = [Item(ASHA, {"name": "Asha"}), Item("12", {"name": "Bilal"})]

    assert outbox.preview("test_news", items) == {"template_off": 1, "bad_phone": 1}
    assert outbox.preview("no_such_kind", items[:1]) == {"unknown_kind": 1}


def test_the_preview_is_what_queueing_then_does():
    outbox.opt_in(ASHA)
    items = [Item(ASHA, {}), Item(BILAL, {}), Item("12", {})]

    found = outbox.preview("test_offer", items)
    outbox.queue_many("test_offer", items)

    assert found == {"": 1, "no_opt_in": 1, "bad_phone": 1}
    assert set(Message.objects.values_list("error_code", flat=True)) == set(found)


def test_many_are_asked_about_in_chunks(django_assert_num_queries):
    items = (Item(f"+9197{n:08d}", {}) for n in range(2500))
    with django_assert_num_queries(3):
        assert outbox.preview("test_offer", items) == {"no_opt_in": 2500}


def test_a_kind_has_the_price_of_its_category(settings):
    settings.NOTIFICATION_PRICE_MARKETING = Decimal("0.86")
    settings.NOTIFICATION_PRICE_UTILITY = Decimal("0.13")
    assert outbox.price("test_offer") == Decimal("0.86")
    assert outbox.price("test_news") == Decimal("0.13")

"""What a message costs: its category's price when it was first accepted, once."""

from decimal import Decimal

import pytest
from django.core import checks
from django.utils import timezone

from notifications import outbox
from notifications.models import ApprovedTemplate, CustomKind, Message, MessageTemplate, Move, Status, move
from notifications.tests.conftest import ALARM, ASHA, NEWS, OFFER

pytestmark = pytest.mark.django_db
UTILITY, MARKETING = Decimal("0.13"), Decimal("0.86")


@pytest.fixture(autouse=True)
def _opted_in(texts):
    outbox.opt_in(ASHA)


def queued(code):
    return outbox.queue(code, to=ASHA, variables={"name": "Asha"}).pk


def becomes(pk, *statuses):
    for status in statuses:
        assert move([Move(pk, status, timezone.now())])
    return Message.objects.get(pk=pk).cost


@pytest.mark.parametrize(("kind", "price"), [(NEWS, UTILITY), (ALARM, UTILITY), (OFFER, MARKETING)])
def test_an_accepted_message_costs_the_price_of_its_category(kind, price):
    assert becomes(queued(kind.code), Status.SENDING, Status.SENT) == price


def test_a_kind_that_staff_made_costs_the_price_of_its_category():
    CustomKind.objects.create(code="fair", label="Fair", category="marketing", preference="promotional")
    MessageTemplate.objects.create(kind="fair", content="Come!")

    assert becomes(queued("fair"), Status.SENDING, Status.SENT) == MARKETING


def test_what_a_receipt_first_tells_of_costs_as_much():
    assert becomes(queued(NEWS.code), Status.SENDING, Status.UNCERTAIN, Status.READ) == UTILITY


@pytest.mark.parametrize("ended", [Status.FAILED, Status.UNCERTAIN, Status.CANCELLED])
def test_what_was_never_accepted_costs_nothing(ended):
    assert becomes(queued(NEWS.code), Status.SENDING, ended) is None


def test_a_price_that_changes_changes_nothing_that_was_sent(settings):
    pk = queued(NEWS.code)
    becomes(pk, Status.SENDING, Status.SENT)
    settings.NOTIFICATION_PRICE_UTILITY = Decimal("0.2075")

    assert becomes(pk, Status.DELIVERED, Status.READ) == UTILITY
    assert becomes(queued(NEWS.code), Status.SENDING, Status.SENT) == Decimal("0.2075")


def test_a_message_that_failed_and_was_sent_again_costs_once(settings):
    pk = queued(NEWS.code)
    becomes(pk, Status.SENDING, Status.SENT, Status.FAILED)
    settings.NOTIFICATION_PRICE_UTILITY = Decimal(9)

    assert becomes(pk, Status.QUEUED, Status.SENDING, Status.SENT) == UTILITY


@pytest.mark.parametrize(
    ("category", "status", "price"),
    [
        ("utility", "approved", UTILITY),
        ("MARKETING", "approved", MARKETING),  # Meta says so, whatever we call the kind
        ("utility", "paused", Decimal(0)),  # so it went as text, within the window
        (None, None, Decimal(0)),
    ],
)
def test_by_the_chat_api_a_template_costs_what_its_category_does_and_text_nothing(
    settings, category, status, price
):
    pk = queued(NEWS.code)
    if category:
        names = {"name": "news", "language": "en"}
        ApprovedTemplate.objects.create(**names, category=category, status=status, synced_at=timezone.now())
        Message.objects.filter(pk=pk).update(approved=names | {"values": {}})
    settings.MYOPERATOR_API = "chat"

    assert becomes(pk, Status.SENDING, Status.SENT) == price


@pytest.mark.parametrize("name", ["NOTIFICATION_PRICE_UTILITY", "NOTIFICATION_PRICE_MARKETING"])
@pytest.mark.parametrize("price", ["-0.01", "1000.01", "0.00001", "NaN", "Infinity", "1E+30"])
def test_what_is_no_price_is_refused_at_the_start(settings, name, price):
    setattr(settings, name, Decimal(price))

    (found,) = [m for m in checks.run_checks() if m.id == "notifications.E020"]
    assert name in found.msg


@pytest.mark.parametrize("price", ["0", "0.1350", "0.10000000", "1000"])
def test_a_price_is_a_price(settings, price):
    settings.NOTIFICATION_PRICE_UTILITY = Decimal(price)

    assert [m for m in checks.run_checks() if m.id == "notifications.E020"] == []

"""The cast: Asha orders, Bilal delivers, Chitra is staff."""

from datetime import timedelta

import pytest

from notifications import registry
from notifications.models import MessageTemplate
from notifications.models.kind import OF_STAFF

ASHA = "+919876543210"
BILAL = "+919876543211"

NEWS = registry.MessageKind(
    code="test_news",
    label="News (tests)",
    preference="order",
    expires=timedelta(hours=24),
    variables=(registry.Variable("name", "text", "Asha"),),
    texts={"en": "Hello {{name}}"},
)
OFFER = registry.MessageKind(
    code="test_offer",
    label="Offer (tests)",
    preference="promotional",
    category="marketing",
    hours="marketing",
    expires=timedelta(days=3),
    variables=(),
    texts={"en": "An offer"},
)
ALARM = registry.MessageKind(
    code="test_alarm",
    label="Alarm (tests)",
    preference="delivery",
    urgent=True,
    expires=timedelta(hours=2),
    variables=(),
    texts={"en": "Late"},
)


@pytest.fixture(autouse=True)
def _kinds_of_staff():
    """No test knows the kinds that staff made in the one before it, which was rolled back."""
    OF_STAFF.forget()


@pytest.fixture
def texts(db):
    """Three kinds of the tests' own, with their English texts."""
    registry.register(NEWS, OFFER, ALARM)
    yield [MessageTemplate.objects.create(kind=k.code, content=k.texts["en"]) for k in (NEWS, OFFER, ALARM)]
    for kind in (NEWS, OFFER, ALARM):
        registry._kinds.pop(kind.code)

"""The people we wrote to first, where staff see the sending number."""

from datetime import UTC, datetime

import pytest

from notifications.models import Channel, Reach

pytestmark = pytest.mark.django_db

CHANNEL = "/admin/notifications/channel/"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tier_", "said"),
    [
        ("2000", "1,640 of 2,000 people in 24 h (82 %), counted on 20 November"),
        ("unlimited", "1,640 people in 24 h (no limit), counted on 20 November"),
    ],
)
def test_staff_see_it_at_the_channel(chitra, settings, tier_, said):
    settings.MYOPERATOR_TIER = tier_
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER)
    Reach.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, people=1640, counted_at=NOW)

    assert said in chitra.get(CHANNEL).content.decode()


def test_before_the_first_count_staff_see_that(chitra):
    assert "Not counted yet." in chitra.get(CHANNEL).content.decode()

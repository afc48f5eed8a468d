"""What `make demo` causes can be caused again and again in one shop, also on the same day."""

import pytest
from django.core.management import call_command

from earlybird.showcase import Showcase
from notifications.models import Message

pytestmark = pytest.mark.django_db


def caused():
    """The status that each kind's message begins with."""
    references = {kind: cause() for kind, cause in Showcase().causes()}
    return {
        kind: Message.objects.filter(kind=kind, reference_id=reference).latest("pk").status
        for kind, reference in references.items()
    }


def test_a_second_demo_on_the_same_day_has_all_ten_messages_to_send(settings):
    settings.SANDBOX = True
    call_command("demo_data", "--customers=8", "--no-history")
    caused()

    again = caused()

    assert again == dict.fromkeys(again, "queued")
    assert len(again) == 10

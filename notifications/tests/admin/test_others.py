"""Wishes and MyOperator's events in admin."""

import pytest

from notifications.models import NotificationPreference, WebhookEvent
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db

WISHES = "/admin/notifications/notificationpreference/"
EVENTS = "/admin/notifications/webhookevent/"


def test_a_number_is_kept_as_e164_however_it_was_typed(chitra):
    chitra.post(f"{WISHES}add/", {"phone": "098765-43210", "enabled": "on"})

    assert NotificationPreference.objects.get().phone == ASHA


def test_a_bad_number_is_refused_at_its_field(chitra):
    response = chitra.post(f"{WISHES}add/", {"phone": "12345"})

    assert "phone" in response.context["adminform"].form.errors
    assert not NotificationPreference.objects.exists()


def test_a_number_is_there_once(chitra):
    NotificationPreference.objects.create(phone=ASHA)

    response = chitra.post(f"{WISHES}add/", {"phone": "98765 43210"})

    assert "already exists" in response.content.decode()


def test_quiet_hours_have_both_ends(chitra):
    response = chitra.post(f"{WISHES}add/", {"phone": ASHA, "quiet_from": "22:00"})

    assert "Give both ends of the quiet hours" in response.content.decode()


def test_wishes_are_found_by_number_in_any_form(chitra):
    NotificationPreference.objects.create(phone=ASHA)

    assert len(chitra.get(WISHES, {"q": "98765 43210"}).context["cl"].result_list) == 1
    assert len(chitra.get(WISHES, {"q": "3210"}).context["cl"].result_list) == 1


def test_an_event_is_shown_as_it_came_and_not_changed(chitra):
    event = WebhookEvent.objects.create(event_id="evt-1", event_type="message.read", payload={"a": "<b>"})

    html = chitra.get(f"{EVENTS}{event.pk}/change/").content.decode()
    assert "&quot;a&quot;: &quot;&lt;b&gt;&quot;" in html
    assert chitra.post(f"{EVENTS}{event.pk}/change/", {}).status_code == 403
    assert len(chitra.get(EVENTS, {"q": "evt-1"}).context["cl"].result_list) == 1
    assert len(chitra.get(EVENTS, {"waiting": "1"}).context["cl"].result_list) == 1


def test_the_desk_is_earlybirds(chitra):
    assert "EarlyBird" in chitra.get("/admin/").content.decode()

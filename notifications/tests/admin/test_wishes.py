"""Wishes at the desk: their ledger, what customers wrote, and that nothing is undone by accident."""

from datetime import datetime, time

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from notifications import outbox, receipts, wishes
from notifications.models import ConsentEvent, InboundMessage, Message, NotificationPreference, WebhookEvent
from notifications.tests import samples
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

WISHES = "/admin/notifications/notificationpreference/"
LEDGER = "/admin/notifications/consentevent/"
REPLIES = "/admin/notifications/inboundmessage/"


@pytest.fixture
def stopped(texts):
    """Asha wrote STOP."""
    payload = samples.document("webhook_received_stop")
    WebhookEvent.objects.create(event_id="e", event_type="message.received", payload=payload)
    receipts.apply_waiting(timezone.now())
    return NotificationPreference.objects.get(phone=ASHA)


def page(client, preference):
    return client.get(f"{WISHES}{preference.pk}/change/")


def form_of(response):
    """What a browser would post if nothing was touched."""
    form = response.context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            data |= {field.html_name: "on"} if value else {}
        else:
            data[field.html_name] = value or ""
    return data


def save(client, preference, **changes):
    data = form_of(page(client, preference)) | changes
    return client.post(f"{WISHES}{preference.pk}/change/", {k: v for k, v in data.items() if v is not None})


def test_a_change_at_the_desk_is_in_the_ledger_with_who_made_it(chitra):
    preference = NotificationPreference.objects.create(phone=ASHA)

    save(chitra, preference, payment=None, language="hi")

    rows = ConsentEvent.objects.order_by("what").values_list("what", "act", "new", "how", "by")
    assert list(rows) == [
        ("language", "other", "hi", "admin", "chitra"),
        ("payment", "opt_out", "off", "admin", "chitra"),
    ]
    assert LogEntry.objects.get().object_id == str(preference.pk)


def test_a_new_row_at_the_desk_is_in_the_ledger(chitra):
    switches = dict.fromkeys(["enabled", "order", "subscription", "delivery", "payment"], "on")
    chitra.post(f"{WISHES}add/", {"phone": "98765 43210", **switches})

    assert ConsentEvent.objects.get().what == "promotional"
    assert LogEntry.objects.get().object_id == str(NotificationPreference.objects.get().pk)


def test_switching_off_at_the_desk_takes_back_what_waits(chitra, texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    preference = NotificationPreference.objects.create(phone=ASHA)

    save(chitra, preference, enabled=None)

    message.refresh_from_db()
    assert message.status == "suppressed"


def test_a_stop_that_came_while_the_page_was_open_is_not_undone(chitra):
    preference = NotificationPreference.objects.create(phone=ASHA)
    opened = form_of(page(chitra, preference))
    wishes.change(ASHA, {"enabled": False}, how="reply")

    response = chitra.post(f"{WISHES}{preference.pk}/change/", opened | {"language": "hi"})

    assert "Open the page again" in response.content.decode()
    preference.refresh_from_db()
    assert (preference.enabled, preference.language) == (False, "")


def test_one_numbers_wishes_never_become_anothers(chitra):
    preference = NotificationPreference.objects.create(phone=ASHA)

    save(chitra, preference, phone=BILAL)

    assert NotificationPreference.objects.get().phone == ASHA


def test_wishes_are_not_deleted(chitra, stopped):
    assert chitra.post(f"{WISHES}{stopped.pk}/delete/", {"post": "yes"}).status_code == 403
    assert NotificationPreference.objects.exists()


def test_the_page_of_a_number_tells_how_it_came_to_this(chitra, stopped):
    html = page(chitra, stopped).content.decode()

    assert "all messages: on → off, by a WhatsApp reply: “Stop”" in html
    assert f"{LEDGER}?of={stopped.pk}" in html


def test_the_ledger_is_read_and_not_changed(chitra, stopped):
    line = ConsentEvent.objects.get()
    address = f"{LEDGER}{line.pk}/change/"

    assert f"{REPLIES}{line.inbound_id}/change/" in chitra.get(address).content.decode()
    assert chitra.post(address, {}).status_code == 403
    assert chitra.post(f"{LEDGER}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    assert chitra.get(f"{LEDGER}add/").status_code == 403
    assert len(chitra.get(LEDGER, {"q": "98765 43210"}).context["cl"].result_list) == 1
    assert len(chitra.get(LEDGER, {"q": BILAL}).context["cl"].result_list) == 0


def test_what_customers_wrote_is_found_by_number_and_not_changed(chitra, stopped):
    said = InboundMessage.objects.get()
    InboundMessage.objects.filter(pk=said.pk).update(text="<b>Stop</b>")
    address = f"{REPLIES}{said.pk}/change/"

    html = chitra.get(address).content.decode()
    assert "&lt;b&gt;Stop" in html
    assert "<b>Stop" not in html
    assert chitra.post(address, {}).status_code == 403
    assert len(chitra.get(REPLIES, {"q": "98765 43210", "asks": "stop"}).context["cl"].result_list) == 1
    assert len(chitra.get(REPLIES, {"q": "3210"}).context["cl"].result_list) == 0


def test_who_may_not_see_replies_does_not(dev, stopped):
    assert dev.get(REPLIES).status_code == dev.get(LEDGER).status_code == 403
    dev.user.user_permissions.add(*Permission.objects.filter(codename="view_inboundmessage"))
    assert dev.get(REPLIES).status_code == 200


def test_a_message_tells_what_the_customer_wrote_after_it(chitra, texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    payload = samples.document("webhook_received_stop") | {"timestamp": None}
    WebhookEvent.objects.create(event_id="e", event_type="message.received", payload=payload)
    receipts.apply_waiting(timezone.now())

    html = chitra.get(f"/admin/notifications/message/{message.pk}/change/").content.decode()

    assert "The customer wrote" in html
    assert "Stop" in html


def test_a_message_to_who_wrote_stop_tells_when_and_how_that_was(chitra, stopped):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    html = chitra.get(f"/admin/notifications/message/{message.pk}/change/").content.decode()

    assert "All messages were switched off by a WhatsApp reply" in html


def test_a_confirmation_leads_to_what_it_answers(chitra, stopped):
    message = Message.objects.get(kind="stop_confirmation")

    html = chitra.get(f"/admin/notifications/message/{message.pk}/change/").content.decode()

    assert f"{REPLIES}{InboundMessage.objects.get().pk}/change/" in html


def test_what_they_said_at_the_desk_is_kept_with_the_change(chitra):
    preference = NotificationPreference.objects.create(phone=ASHA)

    save(chitra, preference, payment=None, words="Told Chitra on the phone")

    event = ConsentEvent.objects.get()
    assert (event.what, event.how, event.words) == ("payment", "admin", "Told Chitra on the phone")


def test_the_ledger_speaks_of_offers_and_indian_time(chitra):
    at = timezone.make_aware(datetime(2026, 11, 26, 6, 5))
    wishes.change(ASHA, {"marketing_opt_in_at": at}, how="api")
    wishes.change(ASHA, {"quiet_from": time(22), "quiet_until": time(7)}, how="admin", by="chitra")
    html = chitra.get(LEDGER).content.decode()

    assert "asked for offers" in html
    assert "26 Nov 2026, 6:05 AM" in html
    assert "do not disturb from" in html
    assert ">22:00<" in html
    assert "by staff, at the desk (chitra)" in html


def test_the_ledger_is_filtered_by_what_changed(chitra):
    wishes.change(ASHA, {"enabled": False, "payment": False}, how="api")

    found = chitra.get(LEDGER, {"what": "payment"}).context["cl"].result_list
    assert [event.what for event in found] == ["payment"]

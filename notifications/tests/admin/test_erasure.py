"""Erasing a person from the desk: only who may, one person at a time, and never by a slip of the finger."""

import pytest
from django.utils import timezone

from notifications import erasure
from notifications.models import ErasureEvent, Message, NotificationPreference
from notifications.tests.admin.conftest import told
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db
MESSAGES, WISHES, ERASURES = (
    f"/admin/notifications/{name}/" for name in ("message", "notificationpreference", "erasureevent")
)


def message(phone=ASHA):
    return Message.objects.create(
        phone=phone, kind="x", text="Hello", expires_at=timezone.now(), status="failed"
    )


def act(client, page, *rows, **more):
    data = {"action": "erase_person", "_selected_action": [row.pk for row in rows]} | more
    return client.post(page, data, follow=True)


@pytest.mark.parametrize("page", [MESSAGES, WISHES])
def test_it_asks_first_and_erases_where_the_last_four_digits_are_typed(chitra, page):
    row = message()
    wishes = NotificationPreference.objects.create(phone=ASHA)
    chosen = row if page == MESSAGES else wishes

    asked = act(chitra, page, chosen)
    assert "•••3210" in asked.content.decode()
    assert ASHA not in asked.content.decode()
    assert "These are not the last four" in act(chitra, page, chosen, last_digits="1234").content.decode()
    assert not ErasureEvent.objects.exists()

    done = act(chitra, page, chosen, last_digits="3210")
    event = ErasureEvent.objects.get()
    assert told(done) == [f"Erased: now {event.token} in the log."]
    assert event.by == "chitra"
    row.refresh_from_db()
    assert (row.phone, row.text) == (event.token, "")


def test_rows_of_two_numbers_are_refused(chitra):
    answer = act(chitra, MESSAGES, message(), message(BILAL), last_digits="3210")

    assert told(answer) == ["Choose rows of one number that is still there."]
    assert not ErasureEvent.objects.exists()


def test_who_is_erased_already_is_not_erased_again(chitra):
    row = message()
    erasure.erase(ASHA, "chitra")

    assert told(act(chitra, MESSAGES, row)) == ["Choose rows of one number that is still there."]


def test_who_may_only_look_erases_nobody(dev):
    act(dev, MESSAGES, message(), last_digits="3210")

    assert not ErasureEvent.objects.exists()
    assert "erase_person" not in dev.get(MESSAGES).content.decode()


def test_the_desk_answers_whether_a_number_was_erased(chitra):
    message()
    event = erasure.erase(ASHA, "chitra")

    assert event.token in chitra.get(ERASURES, {"q": "98765 43210"}).content.decode()
    assert event.token not in chitra.get(ERASURES, {"q": BILAL}).content.decode()
    assert chitra.get(f"{ERASURES}{event.pk}/change/").status_code == 200

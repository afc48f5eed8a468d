"""Every change of a wish, and what the ledger says of it."""

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import engine, outbox, wishes
from notifications.engine.claim import claim
from notifications.models import ConsentEvent, Message, NotificationPreference, QueuedMessage
from notifications.providers.base import Rejected
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db


def change(wanted, phone=ASHA, how="api", **more):
    return wishes.change(phone, wanted, how=how, **more)


def ledger(phone=ASHA):
    """(what, act, old, new, how, by, words), in the order of writing."""
    rows = ConsentEvent.objects.filter(phone=phone).order_by("pk")
    return list(rows.values_list("what", "act", "old", "new", "how", "by", "words"))


def news(to=ASHA):
    return outbox.queue("test_news", to=to, variables={"name": "Asha"})


def test_a_number_that_said_nothing_gets_a_row():
    changed = change({"payment": False}, by="chitra", words="No bills, please.")

    assert NotificationPreference.objects.get(phone=ASHA).payment is False
    assert changed.fields == {"payment"}
    assert ledger() == [("payment", "opt_out", "on", "off", "api", "chitra", "No bills, please.")]


def test_only_what_differs_is_written():
    change({"language": "hi", "order": True})
    before = NotificationPreference.objects.get().updated_at

    assert change({"language": "hi", "order": True}).fields == set()
    assert NotificationPreference.objects.get().updated_at == before
    assert [row[0] for row in ledger()] == ["language"]


def test_each_field_has_its_line_in_words_anybody_can_read():
    user = User.objects.create_user("asha")
    moment = timezone.now()
    change({"enabled": False, "user": user, "quiet_from": time(22), "quiet_until": time(7), "language": "ta"})
    change({"marketing_opt_in_at": moment, "enabled": True, "user": None}, how="admin")

    assert [row[:4] for row in ledger()] == [
        ("enabled", "opt_out", "on", "off"),
        ("language", "other", "", "ta"),
        ("quiet_from", "other", "", "22:00:00"),
        ("quiet_until", "other", "", "07:00:00"),
        ("user", "other", "", "asha"),
        ("enabled", "opt_in", "off", "on"),
        ("marketing_opt_in_at", "opt_in", "", moment.isoformat()),
        ("user", "other", "asha", ""),
    ]


def test_a_field_that_is_no_wish_is_refused():
    with pytest.raises(ValueError, match="phone"):
        change({"phone": BILAL})


def test_quiet_hours_need_both_ends_and_nothing_is_written_without():
    with pytest.raises(ValidationError, match="both ends"):
        change({"quiet_from": time(22)})
    assert not ConsentEvent.objects.exists()


def test_words_that_the_database_cannot_hold_are_made_so():
    change({"order": False}, words="\x00\ud800" + "w" * 1000, by="b" * 1000)

    assert len(ConsentEvent.objects.get().words) == 500


def test_what_was_said_earlier_than_the_last_change_changes_nothing():
    now = timezone.now()
    change({"order": False, "language": "hi"}, at=now)

    late = change({"order": True, "delivery": False}, at=now - timedelta(hours=1))

    assert late.fields == {"delivery"}


def test_everything_off_takes_back_what_waits(texts):
    mine, others = news(), news(BILAL)

    change({"enabled": False})

    mine.refresh_from_db()
    assert (mine.status, mine.error_code, mine.error) == ("suppressed", "opted_out", wishes.OFF)
    assert QueuedMessage.objects.get().pk == others.pk


@pytest.mark.django_db(transaction=True)
def test_everything_off_marks_what_is_in_flight(texts):
    message = news()
    assert claim(10, timezone.now(), deadline=5).jobs

    change({"enabled": False})

    row = QueuedMessage.objects.get()
    assert (row.withdrawn, row.withdrawn_why) == ("suppressed", wishes.OFF)
    assert Message.objects.get(pk=message.pk).status == "sending"


@pytest.mark.django_db(transaction=True)
def test_what_was_in_flight_says_that_the_customer_wanted_no_more(texts, memory_provider):
    message = news()

    def while_sending(outgoing):
        change({"enabled": False})
        raise Rejected("No.", "1")

    memory_provider.answer_with(while_sending)
    engine.drain(2)

    message.refresh_from_db()
    assert (message.status, message.error_code, message.error) == ("suppressed", "opted_out", wishes.OFF)


def test_a_category_off_leaves_the_queue_to_the_claim(texts):
    news()
    change({"order": False})

    assert QueuedMessage.objects.exists()


# --- opt-in


def test_an_opt_in_is_in_the_ledger_with_what_was_agreed_to():
    outbox.opt_in("98765 43210", language="hi", words="Offers on WhatsApp, text 3", by="till-1", how="api")

    assert [(row[0], row[1], *row[4:]) for row in ledger()] == [
        ("language", "other", "api", "till-1", "Offers on WhatsApp, text 3"),
        ("marketing_opt_in_at", "opt_in", "api", "till-1", "Offers on WhatsApp, text 3"),
    ]


def test_to_ask_for_offers_again_changes_nothing():
    first = outbox.opt_in(ASHA).marketing_opt_in_at

    assert outbox.opt_in(ASHA).marketing_opt_in_at == first
    assert len(ledger()) == 1


def test_an_old_opt_in_does_not_undo_a_newer_opt_out():
    outbox.opt_in(ASHA)
    change({"marketing_opt_in_at": None})

    outbox.opt_in(ASHA, at=timezone.now() - timedelta(days=3), how="import")

    assert NotificationPreference.objects.get().marketing_opt_in_at is None


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("131026", [("unreachable_at", "other", "provider", "131026 Not on WhatsApp")]),
        ("131050", [("marketing_opt_in_at", "opt_out", "provider", "131050 Not on WhatsApp")]),
        ("131000", []),
    ],
)
def test_what_whatsapp_reports_is_in_the_ledger(code, line):
    outbox.opt_in(ASHA)
    wishes.reported(ASHA, code, "Not on WhatsApp", timezone.now())

    assert [(row[0], row[1], row[4], row[6]) for row in ledger()[1:]] == line


def test_an_opt_in_since_outlives_a_late_report():
    before = timezone.now()
    outbox.opt_in(ASHA)
    wishes.reported(ASHA, "131050", "", before)

    assert NotificationPreference.objects.get().marketing_opt_in_at is not None

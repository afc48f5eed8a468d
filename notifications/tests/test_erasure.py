"""Erasing a person: what goes, what stays, and what is answered later."""

import copy
import json
import logging
from datetime import time, timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from notifications import erasure, outbox, receipts, staff, statistics, wishes
from notifications.clock import now as clock_now
from notifications.models import (
    Attempt,
    ConsentEvent,
    Conversation,
    ErasureEvent,
    InboundMessage,
    Message,
    MessageEvent,
    NotificationPreference,
    PersonPace,
    QueuedMessage,
    WebhookEvent,
)
from notifications.statistics import Span
from notifications.tests import samples
from notifications.tests.conftest import ASHA, BILAL, NEWS

pytestmark = pytest.mark.django_db
NUMBER, IN_BASE64, NAME = (
    "9876543210",
    "OTE5ODc2NTQzMjEw",
    "Asha",
)  # 919876543210, as it stands in WhatsApp's ids


@pytest.fixture(autouse=True)
def _texts(texts, monkeypatch):
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: None)


def where_it_stands(*words):
    """Every column of every table in which one of these words is, whatever sort of column."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
            USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""
        )
        return [
            f"{table}.{column}"
            for table, column in cursor.fetchall()
            for word in words
            if _holds(cursor, table, column, word)
        ]


def _holds(cursor, table, column, word):
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text LIKE %s)', [f"%{word}%"])
    return cursor.fetchone()[0]


def happened(name, event_id):
    document = copy.deepcopy(samples.document(name)) | {"event_id": event_id}
    return WebhookEvent.objects.create(
        event_id=event_id, event_type=document["event_type"], payload=document, received_at=clock_now()
    )


def sent(phone=ASHA, **more):
    now = timezone.now()
    message = Message.objects.create(
        phone=phone, kind=NEWS.code, text="Hello Asha", variables={"name": "Asha"}, reference_id=f"to {phone}",
        status="failed", error=f"{phone} said no", sent_at=now, created_at=now, expires_at=now + timedelta(days=1),
        **more,
    )  # fmt: skip
    Attempt.objects.create(
        message_id=message.pk, number=1, outcome="accepted", detail=f"to {phone}",
        provider_message_id=f"wamid.HBgM{IN_BASE64}{message.pk}",
    )  # fmt: skip
    MessageEvent.objects.create(message_id=message.pk, what="failed", detail=f"{phone} said no")
    return message


@pytest.fixture
def asha():
    """She has a bit of everything."""
    wishes.change(
        ASHA, {"language": "hi", "quiet_from": time(22), "quiet_until": time(6)}, how="api", by=NAME
    )
    wishes.change(ASHA, {"promotional": False}, how="admin", by="chitra", words=f"{NAME} rang")
    sent()
    outbox.queue(NEWS.code, to=ASHA, variables={"name": NAME})
    happened("webhook_received_stop", "e1")
    happened("webhook_delivered", "e2")
    receipts.apply_waiting(clock_now())
    PersonPace.write({ASHA: 6.0}, clock_now())
    happened("webhook_received_stop", "e3")  # not looked at yet


def test_nothing_is_left_in_any_table(asha):
    before = where_it_stands(NUMBER, IN_BASE64, NAME)
    erasure.erase(ASHA, "chitra")

    assert {line.split(".")[0].removeprefix("notifications_") for line in before} >= {
        "message", "attempt", "messageevent", "inboundmessage", "webhookevent", "consentevent", "conversation",
        "personpace", "notificationpreference",
    }  # fmt: skip
    # The kinds' own samples and texts of Asha are nobody's.
    assert [w for w in where_it_stands(NUMBER, IN_BASE64, NAME) if "template" not in w] == []


def test_what_waits_to_be_sent_is_taken_back(asha):
    waiting = outbox.queue(NEWS.code, to=BILAL, variables={"name": "Bilal"})
    wishes.change(ASHA, {"enabled": True}, how="admin")
    mine = outbox.queue(NEWS.code, to=ASHA, variables={"name": NAME})
    erasure.erase(ASHA, "chitra")

    assert list(QueuedMessage.objects.values_list("pk", flat=True)) == [waiting.pk]
    mine.refresh_from_db()
    assert (mine.status, mine.error_code, mine.text) == ("cancelled", "erased", "")


def test_what_is_being_sent_is_marked_and_told(asha):
    wishes.change(ASHA, {"enabled": True}, how="admin")
    flying = outbox.queue(NEWS.code, to=ASHA, variables={"name": NAME})
    QueuedMessage.objects.filter(pk=flying.pk).update(lease_until=timezone.now(), token=1)
    event = erasure.erase(ASHA, "chitra")

    assert QueuedMessage.objects.get(pk=flying.pk).withdrawn == "cancelled"
    assert erasure.under_way(event) == 1


def test_the_statistics_do_not_change():
    for _ in range(3):
        sent()
    statistics.recount(Span.until(clock_now(), 1).last)
    before = statistics.report(Span.until(clock_now(), 1))
    erasure.erase(ASHA, "chitra")

    assert before["failed"] == 3
    assert statistics.report(Span.until(clock_now(), 1)) == before
    assert statistics.recount(Span.until(clock_now(), 1).last) == []


def test_nobody_elses_rows_are_touched(asha):
    sent(phone="+91987654321")  # no number at all, and the beginning of hers
    other = sent(phone=BILAL)
    longer = WebhookEvent.objects.create(event_id="x", payload={"id": f"1{NUMBER}7"})
    wishes.change(BILAL, {"language": "kn"}, how="admin")
    erasure.erase(ASHA, "chitra")

    other.refresh_from_db()
    longer.refresh_from_db()
    assert (other.phone, other.text, longer.payload) == (BILAL, "Hello Asha", {"id": f"1{NUMBER}7"})
    assert NotificationPreference.objects.get().phone == BILAL
    assert Message.objects.filter(phone="+91987654321").exists()


def test_the_ledger_keeps_what_changed_when_and_that_staff_did_it(asha):
    event = erasure.erase(ASHA, "chitra")

    ledger = ConsentEvent.objects.filter(phone=event.token, words="")
    assert set(ledger.values_list("what", "new", "how", "by")) >= {
        ("promotional", "off", "admin", "chitra"),
        ("language", "hi", "api", ""),
        ("enabled", "off", "reply", ""),
    }


def test_a_long_log_goes_batch_by_batch(monkeypatch):
    monkeypatch.setattr(erasure, "BATCH", 2)
    monkeypatch.setattr("notifications.person.SPAN", 2)
    for n in range(5):
        sent()
        WebhookEvent.objects.create(event_id=f"e{n}", payload={"customer_identifier": ASHA})

    event = erasure.erase(ASHA, "chitra")
    assert (event.counts["messages"], event.counts["webhook_events"]) == (5, 5)
    assert Message.objects.filter(phone=event.token).count() == 5


def test_what_broke_off_is_done_again(asha, monkeypatch):
    monkeypatch.setattr(erasure, "_forget_messages", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erasure.erase(ASHA, "chitra")
    monkeypatch.undo()
    erasure.erase(ASHA, "chitra")

    assert [w for w in where_it_stands(NUMBER, IN_BASE64) if "template" not in w] == []
    assert [event.finished_at is None for event in ErasureEvent.of(ASHA)] == [False, True]


def test_it_is_known_who_was_erased_and_the_number_cannot_be_read_from_it(asha, settings):
    event = erasure.erase(ASHA, "chitra")

    assert list(ErasureEvent.of(ASHA)) == [event]
    assert not ErasureEvent.of(BILAL).exists()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert list(ErasureEvent.of(ASHA)) == [event]
    settings.SECRET_KEY_FALLBACKS = []
    assert not ErasureEvent.of(ASHA).exists()


def test_one_line_is_logged_without_the_number(asha, caplog):
    with caplog.at_level(logging.INFO, "notifications.erasure"):
        event = erasure.erase(ASHA, "chitra")

    (line,) = caplog.messages
    assert event.token in line
    assert "chitra" in line
    assert NUMBER[-4:] not in line


def test_whoever_writes_later_starts_anew(asha):
    erasure.erase(ASHA, "chitra")
    fresh = outbox.queue(NEWS.code, to=ASHA, variables={"name": NAME})
    happened("webhook_received_stop", "later")
    receipts.apply_waiting(clock_now())

    assert fresh.status == "queued"
    assert InboundMessage.objects.filter(phone=ASHA).count() == 1
    assert Conversation.objects.filter(phone=ASHA).exists()
    assert ConsentEvent.objects.filter(phone=ASHA).count() == 1


def test_an_event_that_is_reported_again_stays_erased(asha):
    erasure.erase(ASHA, "chitra")
    receipts.apply_waiting(clock_now() + timedelta(days=2))

    assert set(WebhookEvent.objects.values_list("payload", flat=True).distinct()[0]) == {"erased"}
    assert not InboundMessage.objects.filter(phone=ASHA).exists()


def test_a_receipt_that_comes_after_the_erasure_is_erased_once_it_matched_nothing_for_a_while(asha):
    erasure.erase(ASHA, "chitra")
    late = happened("webhook_read", "late")
    for hours in range(1, 6):
        receipts.apply_waiting(clock_now() + timedelta(hours=hours))

    late.refresh_from_db()
    assert (late.payload, late.result) == ({"erased": True}, "erased")


def test_a_receipt_of_nobody_who_was_erased_waits_as_ever(asha):
    late = happened("webhook_read", "late")
    for hours in range(1, 6):
        receipts.apply_waiting(clock_now() + timedelta(hours=hours))

    late.refresh_from_db()
    assert late.payload["event_id"] == "late"


def reported_failed(message, **more):
    """MyOperator reports that this message failed, by our reference, with WhatsApp's id and words."""
    reference = str(Attempt.objects.get(message_id=message.pk).pk)
    errors = [{"code": 131000, "title": f"{ASHA} had trouble"}]
    event = happened("webhook_delivered", "failed")
    said = {"id": f"wamid.{IN_BASE64}", "metadata": {"myop_ref_id": reference, "errors": errors}}
    event.event_type = "message.failed"
    event.payload = event.payload | more | {"payload": said}
    event.save()
    return event


def test_a_receipt_that_names_an_erased_message_but_no_number_is_forgotten():
    message = sent()
    Message.objects.update(status="sent", error="")
    erasure.erase(ASHA, "chitra")
    event = reported_failed(message, customer_identifier=None)
    receipts.apply_waiting(clock_now())

    event.refresh_from_db()
    assert (event.payload, event.result) == ({"erased": True}, "erased")
    assert where_it_stands(NUMBER, IN_BASE64) == []
    assert not QueuedMessage.objects.exists()


def test_a_receipt_that_is_being_applied_while_they_are_erased_writes_nothing_back(monkeypatch):
    message = sent()
    Attempt.objects.update(provider_message_id=None)
    Message.objects.update(status="sent", error="")
    event, locked = reported_failed(message), receipts._locked

    def erased_before(ids):
        erasure.erase(ASHA, "chitra")
        return locked(ids)

    monkeypatch.setattr(receipts, "_locked", erased_before)
    receipts.apply_waiting(clock_now())

    event.refresh_from_db()
    assert event.payload == {"erased": True}
    assert where_it_stands(NUMBER, IN_BASE64) == []
    assert not QueuedMessage.objects.exists()


def test_what_was_being_queued_while_the_rest_was_taken_back_is_taken_back_too(monkeypatch):
    sent()
    begin = erasure._begin

    def meanwhile(phone, by):
        event = begin(phone, by)
        outbox.queue(NEWS.code, to=phone, variables={"name": NAME})
        return event

    monkeypatch.setattr(erasure, "_begin", meanwhile)
    erasure.erase(ASHA, "chitra")

    assert not QueuedMessage.objects.exists()
    assert Message.objects.latest("pk").status == "cancelled"


def test_an_erased_message_is_not_sent_again(asha):
    erasure.erase(ASHA, "chitra")

    done = staff.resend(list(Message.objects.values_list("pk", flat=True)), "chitra")
    assert done.ids == []


def test_what_whatsapp_says_of_an_erased_number_is_nobodys(asha):
    event = erasure.erase(ASHA, "chitra")
    wishes.reported(event.token, "131026", "", clock_now())

    assert not NotificationPreference.objects.exists()


def run(command, *words):
    said = StringIO()
    call_command(command, *words, stdout=said)
    return said.getvalue()


def test_the_command_erases_and_says_so_without_the_number(asha):
    said = run("erase_person", "98765 43210", "--yes")

    assert said.startswith("Erased, now erased-")
    assert NUMBER not in said
    assert ErasureEvent.objects.get().by.endswith("(command)")


def test_the_command_a_second_time_says_that_it_is_done(asha):
    run("erase_person", ASHA, "--yes")

    assert "It was erased on" in run("erase_person", ASHA, "--yes")


@pytest.mark.parametrize("command", [("erase_person", "--yes"), ("export_person",)])
@pytest.mark.parametrize(("phone", "why"), [(BILAL, "Nothing is kept"), ("12", "phone number")])
def test_a_number_that_is_unknown_or_none_is_refused(command, phone, why):
    with pytest.raises(CommandError, match=why):
        run(*command, phone)


@pytest.mark.parametrize("typed", ["", "no", "3211"])
def test_without_the_last_four_digits_nothing_is_erased(asha, monkeypatch, typed):
    monkeypatch.setattr("builtins.input", lambda _: typed)
    with pytest.raises(CommandError, match="Nothing was erased"):
        run("erase_person", ASHA)
    assert Message.objects.filter(phone=ASHA).exists()


def test_everything_that_is_kept_is_exported(asha):
    found = json.loads(run("export_person", ASHA))

    assert found["phone"] == ASHA
    assert [row["language"] for row in found["preferences"]] == ["hi"]
    assert {row["text"] for row in found["messages"]} >= {"Hello Asha"}
    assert [row["text"] for row in found["replies"]] == ["Stop"]
    assert [row["event_id"] for row in found["webhook_events"]] == ["e1", "e2", "e3"]
    for name in ("consent_ledger", "attempts", "message_events", "conversation", "pace", "queue"):
        assert found[name], name


@pytest.mark.parametrize(
    "written", ["+91 98765 43210", "98765-43210", "(+91) 98765-43210", "0091 9876 543 210", 9876543210]
)
def test_an_event_that_sets_its_digits_apart_is_forgotten_too(asha, written):
    WebhookEvent.objects.create(event_id="apart", payload={"customer": written, "name": "Asha Rao"})
    erasure.erase(ASHA, "chitra")

    assert WebhookEvent.objects.get(event_id="apart").payload == {"erased": True}


def test_names_that_somebody_tried_to_sign_in_with_are_forgotten(asha):
    for name in (ASHA, "98765 43210", "chitra"):
        AccessAttempt.objects.create(username=name, failures_since_start=1)
    erasure.erase(ASHA, "chitra")

    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["chitra"]

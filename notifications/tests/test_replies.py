"""What customers write: kept once, it opens the window; STOP and START are obeyed and confirmed."""

import copy
import threading
from datetime import UTC, datetime, timedelta
from itertools import count, permutations

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from notifications import default_texts, outbox, receipts, replies, wishes
from notifications.engine.claim import claim
from notifications.engine.drain import Engine
from notifications.engine.slots import Slots
from notifications.models import (
    Attempt,
    ConsentEvent,
    Conversation,
    InboundMessage,
    Message,
    NotificationPreference,
    QueuedMessage,
    WebhookEvent,
    window_open,
)
from notifications.providers.memory import Memory
from notifications.tests import samples
from notifications.tests.at_once import database_errors
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 6, 26, 3, 0, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(autouse=True)
def _no_nudges(monkeypatch):
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: None)
    monkeypatch.setattr(outbox.nudge, "on_commit", lambda: None)


def wrote(body="Stop", minute=0, phone=ASHA, provider_id=None, **changes):
    """Keep one message of a customer's as the webhook would: MyOperator's own sample, with another text."""
    event = copy.deepcopy(samples.document("webhook_received_stop"))
    event["customer_identifier"] = phone
    event["timestamp"] = (THEN + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    event["payload"] |= {"id": provider_id or f"in-{next(_numbers)}"}
    event["payload"]["data"]["context"]["body"] = body
    return keep(event | changes)


def keep(payload):
    number, now = next(_numbers), timezone.now()
    return WebhookEvent.objects.create(
        event_id=f"reply-{number}",
        event_type="message.received",
        payload=payload,
        received_at=now,
        due_at=now,
    )


def apply():
    return receipts.apply_waiting(timezone.now())


def wishes_of(phone=ASHA):
    return NotificationPreference.objects.get(phone=phone)


def news(to=ASHA):
    return outbox.queue("test_news", to=to, variables={"name": "Asha"})


def confirmed(phone=ASHA):
    """The kinds of the confirmations, in the order they were asked for."""
    found = Message.objects.filter(phone=phone, kind__in=["stop_confirmation", "start_confirmation"])
    return [kind.split("_")[0] for kind in found.order_by("pk").values_list("kind", flat=True)]


# --- kept once


def test_a_message_as_myoperator_sends_it_is_kept_with_its_time():
    event = keep(samples.document("webhook_received_stop"))
    apply()

    kept = InboundMessage.objects.get()
    assert (kept.phone, kept.type, kept.text, kept.asks) == (ASHA, "text", "Stop", "stop")
    assert kept.received_at == datetime(2026, 6, 26, 3, 0, 0, 123456, tzinfo=UTC)
    assert (kept.provider_message_id, kept.webhook_event_id) == (
        "9a1d7f60-7a55-4f7e-8d3f-2f7d1f5b6c70",
        event.pk,
    )
    event.refresh_from_db()
    assert event.result == "applied"


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("919876543210", ASHA),
        ("+919876543210", ASHA),
        ("9876543210", ASHA),
        ("6581234567", "+6581234567"),
        ("14155550100", "+14155550100"),
        ("999999999999999", "+999999999999999"),
    ],
)
def test_a_number_is_kept_as_e164_with_or_without_its_plus(written, phone):
    wrote("Hello", phone=written)
    apply()

    assert InboundMessage.objects.get().phone == phone


@pytest.mark.parametrize("number", [None, "", 17, {}, [], "+", "asha", "+" * 5000, "9" * 16, "९८७६५४३२१०"])
def test_an_event_without_a_number_is_ignored(number):
    event = wrote(customer_identifier=number)
    apply()

    event.refresh_from_db()
    assert event.result == "ignored"
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("together", [True, False])
def test_media_that_come_twice_are_kept_once_without_a_text(together):
    for _ in range(2):
        event = wrote("Stop", provider_id="photo-1")
        event.payload["payload"]["data"]["type"] = "image"
        event.save()
        if not together:
            apply()
    apply()

    kept = InboundMessage.objects.get()
    assert (kept.type, kept.text, kept.asks) == ("image", "", "")
    assert set(WebhookEvent.objects.values_list("result", flat=True)) == {"applied"}
    assert not NotificationPreference.objects.exists()


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "yesterday", 17, {}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-13-01"],
)
def test_a_time_that_cannot_be_is_when_we_heard_of_it(timestamp):
    event = wrote("Hello", timestamp=timestamp)
    apply()

    assert InboundMessage.objects.get().received_at == event.received_at


@pytest.mark.parametrize(
    "payload",
    [None, [], "text", 17, {}, {"id": 17}, {"id": "", "data": []}, {"data": {"type": 7, "context": "x"}},
     {"data": {"type": "t" * 500, "context": {"body": {"1": "STOP"}}}}, {"metadata": {"waba_msg_id": "w" * 500}},
     {"id": "x" * 500, "data": {"type": "text", "context": {"body": "b" * 9000}}}],
)  # fmt: skip
def test_a_message_of_a_strange_shape_is_kept_all_the_same(payload):
    wrote("Stop", payload=payload)
    apply()

    assert InboundMessage.objects.get().asks == ""
    assert WebhookEvent.objects.get().result == "applied"


def test_a_message_without_any_id_is_kept_once_per_event():
    first, second = wrote("Hello", payload={}), wrote("Hello", payload={})
    apply()

    ids = InboundMessage.objects.values_list("provider_message_id", flat=True)
    assert set(ids) == {f"event {first.pk}", f"event {second.pk}"}


def test_a_poison_message_is_set_aside_and_the_others_obeyed(monkeypatch):
    poison = wrote("Hello")
    wrote("Stop")
    real = replies.inbound.read

    def read(event):
        if event.pk == poison.pk:
            raise KeyError("a shape nobody thought of")
        return real(event)

    monkeypatch.setattr(replies.inbound, "read", read)
    apply()

    poison.refresh_from_db()
    assert poison.result == "poison: KeyError"
    assert not wishes_of().enabled


def test_replies_are_found_behind_any_number_of_receipts(monkeypatch):
    monkeypatch.setattr(receipts, "BATCH", 2)
    for number in range(5):
        WebhookEvent.objects.create(event_id=f"r-{number}", event_type="message.read", payload={})
    wrote("Stop")
    monkeypatch.setattr(receipts, "_match", lambda events, now: 0)
    receipts.apply_waiting(timezone.now())

    assert not wishes_of().enabled


# --- the window


def test_the_window_is_open_for_a_day_after_what_the_customer_wrote():
    wrote("Hello")
    apply()
    moment = InboundMessage.objects.get().received_at

    assert window_open(ASHA, moment)
    assert window_open(ASHA, moment + timedelta(hours=24) - timedelta(microseconds=1))
    assert not window_open(ASHA, moment + timedelta(hours=24))
    assert not window_open(BILAL, moment)


@pytest.mark.parametrize("order", list(permutations([3, 1, 2])))
@pytest.mark.parametrize("together", [True, False])
def test_late_news_does_not_move_the_window_back(order, together):
    for minute in order:
        wrote("Hello", minute)
        if not together:
            apply()
    apply()

    expected = THEN + timedelta(minutes=3, microseconds=123456)
    assert Conversation.objects.get().last_received_at == expected


def test_the_windows_of_a_batch_are_moved_in_one_statement(django_assert_max_num_queries):
    def some(number):
        for place in range(number):
            wrote("Hello", phone=f"9198765{place:05}")

    some(3)
    with django_assert_max_num_queries(20) as few:
        apply()
    some(90)
    with django_assert_max_num_queries(20) as many:
        apply()

    assert len(many) == len(few)
    assert Conversation.objects.count() == 90


def test_who_writes_can_be_reached_again():
    wishes.reported(ASHA, "131026", "", THEN)
    wrote("Hello", minute=1)
    apply()

    assert wishes_of().unreachable_at is None
    assert ConsentEvent.objects.first().words == ""  # what they wrote is nobody's proof of anything


def test_who_wrote_before_whatsapp_gave_up_is_not_reached():
    wishes.reported(ASHA, "131026", "", THEN + timedelta(hours=1))
    wrote("Hello")
    apply()

    assert wishes_of().unreachable_at is not None


# --- STOP


def test_stop_switches_everything_off_and_takes_back_what_waits(texts):
    outbox.opt_in(ASHA)
    waiting, others = news(), news(BILAL)
    wrote("Stop")
    apply()

    assert not wishes_of().enabled
    waiting.refresh_from_db()
    others.refresh_from_db()
    assert (waiting.status, others.status) == ("suppressed", "queued")
    assert news().status == "suppressed"


@pytest.mark.django_db(transaction=True)
def test_stop_is_confirmed_once_and_nothing_else_is_sent(texts, memory_provider):
    default_texts.install()
    news()
    wrote("Stop")
    apply()
    news()

    Engine(Slots(Memory(), 4)).drain(1)

    assert [asked.text for asked in memory_provider.asked] == [
        "You will get no more messages from EarlyBird. To get them again, reply START."
    ]


@pytest.mark.django_db(transaction=True)
def test_stop_reaches_what_is_in_flight(texts):
    news()
    assert claim(10, timezone.now(), deadline=5).jobs
    wrote("Stop")
    apply()

    assert QueuedMessage.objects.get(message__kind="test_news").withdrawn == "suppressed"


def test_stop_is_in_the_ledger_with_the_words_and_the_message():
    wrote("STOP!")
    apply()

    said = InboundMessage.objects.get()
    line = ConsentEvent.objects.get()
    assert (line.what, line.act, line.how, line.words) == ("enabled", "opt_out", "reply", "STOP!")
    assert (line.inbound_id, line.at) == (said.pk, said.received_at)


def test_a_second_stop_confirms_nothing_again():
    wrote("Stop")
    apply()
    wrote("STOP", 1)
    apply()

    assert confirmed() == ["stop"]
    assert ConsentEvent.objects.count() == 1


@pytest.mark.parametrize("text", ["stop milk tomorrow", "Please do not stop", "Hello", ""])
def test_any_other_message_changes_no_wish(text):
    wrote(text)
    apply()

    assert InboundMessage.objects.get().text == text
    assert not NotificationPreference.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("word", "preferred", "last", "language"),
    [
        ("Stop", "", None, "en"),
        ("Stop", "ta", None, "ta"),
        ("రోకో", "", None, None),
        ("ఆపు", "", None, "te"),
        ("ఆపు", "kn", "hi", "kn"),
        ("Stop", "", "mr", "mr"),
        ("थांबा", "", "en", "mr"),
    ],
)
def test_it_is_confirmed_in_the_customers_language(texts, word, preferred, last, language):
    if preferred:
        wishes.change(ASHA, {"language": preferred}, how="admin")
    if last:
        message = news()
        Message.objects.filter(pk=message.pk).update(language=last)
    wrote(word)
    apply()

    found = Message.objects.filter(kind="stop_confirmation").first()
    assert (found and found.language) == language


def test_a_number_that_we_may_not_message_is_told_nothing(settings):
    settings.NOTIFICATION_ALLOWED_NUMBERS = [BILAL]
    wrote("Stop")
    apply()

    assert Message.objects.get().status == "suppressed"
    assert not wishes_of().enabled


# --- START


def test_start_brings_messages_back_and_is_confirmed_once():
    wrote("Stop")
    apply()
    wrote("शुरू", 1)
    wrote("Start", 2)
    apply()

    assert wishes_of().enabled
    assert confirmed() == ["stop", "start"]


def test_start_is_no_opt_in_for_offers():
    wrote("Stop"), apply()
    wrote("Start", 1), apply()

    assert wishes_of().marketing_opt_in_at is None


def test_start_gives_back_the_offers_they_had_asked_for():
    asked_at = outbox.opt_in(ASHA).marketing_opt_in_at
    wrote("Stop"), apply()
    wrote("Start", 1), apply()

    assert wishes_of().marketing_opt_in_at == asked_at


def test_start_where_nothing_was_stopped_confirms_nothing():
    wrote("Start")
    apply()

    assert confirmed() == []


def test_a_confirmation_that_is_no_longer_true_is_taken_back():
    wrote("Stop"), apply()
    wrote("Start", 1), apply()

    waiting = QueuedMessage.objects.values_list("message__kind", flat=True)
    assert list(waiting) == ["start_confirmation"]
    assert Message.objects.get(kind="stop_confirmation").status == "cancelled"


# --- late, repeated, at once


@pytest.mark.parametrize("words", list(permutations([("Stop", 0), ("Start", 1), ("Stop", 2), ("Start", 3)])))
def test_the_last_word_counts_in_whatever_order_they_come(words):
    for word, minute in words:
        wrote(word, minute)
        apply()

    assert wishes_of().enabled


def test_a_late_stop_does_not_undo_what_staff_switched_on_since():
    wishes.change(ASHA, {"enabled": False}, how="admin", at=THEN - timedelta(hours=1))
    wishes.change(ASHA, {"enabled": True}, how="admin", at=THEN + timedelta(hours=1))
    wrote("Stop")
    apply()

    assert wishes_of().enabled
    assert confirmed() == []


@pytest.mark.parametrize("order", [("Stop", "Start"), ("Start", "Stop")])
@pytest.mark.parametrize("together", [True, False])
def test_of_two_in_one_moment_silence_wins(order, together):
    for word in order:
        wrote(word)
        if not together:
            apply()
    apply()

    assert not wishes_of().enabled


_said = st.tuples(st.sampled_from(["Stop", "Start", "Hello", "रोको", "शुरू"]), st.integers(0, 9))
_reports = st.sampled_from(["sent", "delivered", "read", "failed"])
_batch = st.lists(st.one_of(st.integers(0, 5), _reports), max_size=6)


@given(st.lists(_said, min_size=1, max_size=6), st.lists(_batch, min_size=1, max_size=4), st.randoms())
@examples(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=50,
    deadline=None,
)
def test_whatever_comes_in_whatever_order_the_last_word_holds_and_is_confirmed_at_most_once(
    said, batches, chance
):
    """Every message comes at least once, some twice, shuffled, in batches with receipts between."""
    serial = next(_numbers)
    phone = f"+9198{serial % 10**8:08d}"
    known = _sent_to(phone, f"hypothesis-{serial}")
    rest = list(range(len(said)))
    chance.shuffle(rest)
    for batch in [*batches, rest]:
        for item in batch:
            _arrive(item, said, serial, phone, known)
        apply()

    _check(phone, said)


def _sent_to(phone, provider_id):
    now = timezone.now()
    message = Message.objects.create(
        phone=phone, kind="x", text="x", status="sent", sent_at=now, expires_at=now + timedelta(days=1)
    )
    Attempt.objects.create(
        message_id=message.pk, number=1, outcome="accepted", provider_message_id=provider_id
    )
    return provider_id


def _arrive(item, said, serial, phone, known):
    if isinstance(item, int):
        word, minute = said[item % len(said)]
        wrote(word, minute, phone, provider_id=f"said-{serial}-{item % len(said)}")
        return
    event = copy.deepcopy(samples.document(f"webhook_{'failed_131026' if item == 'failed' else item}"))
    event["payload"]["id"], event["customer_identifier"] = known, phone
    WebhookEvent.objects.create(event_id=f"h-{next(_numbers)}", event_type=event["event_type"], payload=event)


def _check(phone, said):
    asks = {"Stop": False, "रोको": False, "Start": True, "शुरू": True}
    asking = sorted((minute, not asks[word]) for word, minute in said if word in asks)
    preference = NotificationPreference.objects.filter(phone=phone).first()
    assert (preference.enabled if preference else True) == (not asking[-1][1] if asking else True)
    assert InboundMessage.objects.filter(phone=phone).count() == len(said)
    told = Message.objects.filter(phone=phone).exclude(kind="x").values_list("reference_id", flat=True)
    assert len(told) == len(set(told)) <= len(asking)
    latest = max(minute for _, minute in said)
    assert Conversation.objects.get(phone=phone).last_received_at >= THEN + timedelta(minutes=latest)


@pytest.mark.django_db(transaction=True)
def test_many_appliers_at_once_lock_nobody_out_and_obey_the_last_word(monkeypatch, texts):
    monkeypatch.setattr(receipts, "BATCH", 5)
    phones = [f"+91987654{place:04}" for place in range(12)]
    for phone in phones:
        news(phone)
    for minute, word in enumerate(["Stop", "Start", "Stop"]):
        for phone in phones[:: -1 if minute % 2 else 1]:
            wrote(word, minute, phone, provider_id=f"{phone} {minute}")
            wrote(word, minute, phone, provider_id=f"{phone} {minute}")

    assert database_errors(apply, times=20, seconds=30) == []
    assert not NotificationPreference.objects.filter(enabled=True).exists()
    assert InboundMessage.objects.count() == 36
    assert Message.objects.filter(kind="test_news", status="suppressed").count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_start_that_is_applied_meanwhile_waits_for_the_stop_before_it(monkeypatch):
    """Of two workers each has one of the two in hand, and neither sees yet what the other keeps."""
    NotificationPreference.objects.create(phone=ASHA)
    monkeypatch.setattr(receipts, "BATCH", 1)
    wrote("Stop")
    looked, done = threading.Event(), threading.Event()
    real = replies._overtaken

    def overtaken(message):
        found = real(message)
        if message.asks == "stop":
            looked.set()
            done.wait(0.3)
        return found

    def start():
        looked.wait(10)
        wrote("Start", 1)
        apply()
        done.set()
        connection.close()

    monkeypatch.setattr(replies, "_overtaken", overtaken)
    other = threading.Thread(target=start)
    other.start()
    apply()
    other.join(10)

    assert wishes_of().enabled


@pytest.mark.parametrize(
    "context",
    [
        {"text": "Stop"},
        {"button": {"text": "STOP"}},
        {"interactive": {"button_reply": {"id": "1", "title": "Stop"}}},
    ],
)
def test_stop_on_a_button_is_heard(texts, context):
    event = wrote()
    event.payload["payload"]["data"] = {"type": "button", "context": context}
    event.save()
    apply()

    assert InboundMessage.objects.get().asks == "stop"
    assert not wishes_of(ASHA).enabled


@pytest.mark.parametrize(
    "data", [{"text": {"body": "Stop"}}, {"context": {"text": {"body": "Stop"}}}, {"body": "Stop"}]
)
def test_stop_is_heard_where_meta_itself_writes_it(texts, data):
    event = wrote()
    event.payload["payload"]["data"] = {"type": "text"} | data
    event.save()
    apply()

    assert not wishes_of(ASHA).enabled

"""What MyOperator reports moves a message on, in any order, and never back."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone

from notifications import outbox, receipts
from notifications.engine.drain import Engine
from notifications.engine.slots import Slots
from notifications.models import (
    ApprovedTemplate,
    Attempt,
    Channel,
    Held,
    Message,
    MessageEvent,
    NotificationPreference,
    Priority,
    QueuedMessage,
    StatusChange,
    WebhookEvent,
)
from notifications.providers.base import Accepted, NotNow, Uncertain
from notifications.providers.memory import Memory
from notifications.signals import message_finished
from notifications.tests import samples
from notifications.tests.at_once import database_errors
from notifications.tests.conftest import ASHA, BILAL
from notifications.tests.reports import (
    ID,
    apply,
    attempt_of,
    keep,
    message_of,
    queued_of,
    report,
    result,
    sent_message,
    status,
    uncertain_message,
)


@pytest.fixture(autouse=True)
def nudges(monkeypatch):
    asked = []
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: asked.append(1))
    return asked


@pytest.fixture
def engine(texts):
    return Engine(Slots(Memory(), 4))


pytestmark = pytest.mark.django_db


# --- forward, in any order


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_a_receipt_as_myoperator_sends_it_moves_its_message(name):
    message = sent_message()
    keep(samples.document(f"webhook_{name}"))

    assert apply() == 1
    assert status(message) == name


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
@pytest.mark.parametrize("together", [True, False])
def test_any_order_ends_in_read(order, together):
    message = sent_message()
    for kind in order:
        report(kind)
        if not together:
            apply()
    apply()

    assert status(message) == "read"
    assert message.sent_at <= message.delivered_at <= message.read_at


def test_read_implies_delivered():
    message = sent_message()
    report("read")
    apply()

    assert status(message) == "read"
    assert message.delivered_at == message.read_at


def test_a_receipt_that_comes_late_says_when_it_was():
    message = sent_message()
    Attempt.objects.update(created_at=timezone.now() - timedelta(days=2))
    event = report("read")
    event.payload["timestamp"] = f"{timezone.now() - timedelta(days=1):%Y-%m-%dT%H:%M:%S}.956814767Z"
    event.save()
    apply()

    assert status(message) == "read"
    assert timedelta(hours=23) < timezone.now() - message.read_at < timedelta(hours=25)
    assert message.read_at.microsecond == 956814


@pytest.mark.parametrize("said", ["2999-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "yesterday", None, 17])
def test_a_time_that_cannot_be_is_not_believed(said):
    message = sent_message()
    event = report("delivered")
    event.payload["timestamp"] = said
    event.save()
    apply()

    attempt = Attempt.objects.get()
    assert status(message) == "delivered"
    assert attempt.created_at <= message.delivered_at <= event.received_at


def test_applying_twice_changes_nothing():
    message = sent_message()
    report("read")
    apply()
    before = (MessageEvent.objects.count(), StatusChange.objects.count())

    assert apply() == 0
    report("read")
    apply()

    assert status(message) == "read"
    assert (MessageEvent.objects.count(), StatusChange.objects.count()) == before


@pytest.mark.parametrize("received", ["delivered", "read"])
@pytest.mark.parametrize("first", [True, False])
def test_failed_does_not_undo_what_was_received(received, first):
    message = sent_message()
    for kind in ("failed", received) if first else (received, "failed"):
        report(kind, codes=[131000] if kind == "failed" else None)
        apply()

    assert status(message) == received
    assert not QueuedMessage.objects.exists()


def test_sent_does_not_undo_failed():
    message = sent_message()
    for kind in ("failed", "sent"):
        report(kind, codes=[131026])
        apply()

    assert status(message) == "failed"


def test_sent_does_not_take_a_message_that_failed_later_from_its_next_try():
    message = sent_message()
    for kind in ("failed", "sent"):
        report(kind, codes=[131000])
        apply()

    assert status(message) == "retrying"
    assert QueuedMessage.objects.filter(pk=message.pk).exists()


# --- which attempt


def test_failed_for_an_older_attempt_is_ignored():
    message = sent_message()
    attempt_of(message, "newer", number=2)
    report("failed", codes=[131026])
    apply()

    assert status(message) == "sent"
    assert not NotificationPreference.objects.exists()


def test_delivered_for_an_older_attempt_counts():
    message = sent_message()
    attempt_of(message, "newer", number=2)
    report("delivered")
    apply()

    assert status(message) == "delivered"


def test_our_reference_names_the_attempt():
    message, attempt = uncertain_message()
    report("sent", "their-id", metadata={"myop_ref_id": str(attempt.pk)})
    apply()

    assert status(message) == "sent"
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.provider_message_id) == ("accepted", "their-id")


@pytest.mark.parametrize(
    "number", ["919876543210", "+919876543210", "9876543210", "+91 98765-43210", 919876543210]
)
def test_our_reference_is_heard_in_either_type_and_the_number_in_any_form(number):
    message, attempt = uncertain_message()
    event = report("sent", "their-id", metadata={"myop_ref_id": attempt.pk})
    event.payload["customer_identifier"] = number
    event.save()
    apply()

    assert status(message) == "sent"


def test_an_id_that_is_a_number_is_found_as_its_acceptance_kept_it():
    message = message_of()
    attempt_of(message, "7700123")
    report("read", 7700123)
    apply()

    assert status(message) == "read"


def test_a_reference_of_somebody_elses_is_not_ours():
    message, attempt = uncertain_message(phone=BILAL)
    of_another_customer = report("read", "their-id", metadata={"myop_ref_id": str(attempt.pk)})
    known = sent_message()
    of_another_id = report(
        "read", "their-id", metadata={"myop_ref_id": str(Attempt.objects.get(message_id=known.pk).pk)}
    )
    apply()

    assert (status(message), status(known)) == ("uncertain", "sent")
    assert result(of_another_customer) == result(of_another_id) == ""


def test_the_same_id_for_every_message_takes_nobodys_id_away():
    first = sent_message()
    second, attempt = uncertain_message()
    report("delivered", ID, metadata={"myop_ref_id": str(attempt.pk)})
    apply()

    assert (status(first), status(second)) == ("sent", "delivered")
    attempt.refresh_from_db()
    assert attempt.provider_message_id is None


def text_receipt(kind="sent", text="Hello Asha", provider_id="unknown-id"):
    return report(kind, provider_id, data={"type": "text", "context": {"body": text}})


def test_number_and_text_settle_an_uncertain_message_where_only_one_fits():
    message, attempt = uncertain_message()
    uncertain_message(phone=BILAL)
    uncertain_message(text="Another text")
    for kind in ("sent", "delivered"):
        text_receipt(kind)
        apply()

    assert status(message) == "delivered"
    assert not QueuedMessage.objects.filter(pk=message.pk).exists()
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.provider_message_id) == ("accepted", "unknown-id")


def test_number_and_text_tell_nothing_where_two_messages_fit():
    messages = [uncertain_message()[0], uncertain_message()[0]]
    event = text_receipt()
    apply()

    assert [status(message) for message in messages] == ["uncertain", "uncertain"]
    assert result(event) == ""


def test_number_and_text_tell_nothing_while_another_is_in_flight():
    message, _ = uncertain_message()
    message_of("sending")
    text_receipt()
    apply()

    assert status(message) == "uncertain"


def test_an_acceptance_without_an_id_is_followed_by_number_and_text():
    message = message_of()
    attempt_of(message, None)
    text_receipt("read")
    apply()

    assert status(message) == "read"


ORDER_77 = {"name": "order_confirmation", "language": "en", "values": {"1": "Asha", "2": "77"}}


def test_the_sample_without_a_reference_settles_an_uncertain_message_by_number_and_template():
    message, attempt = uncertain_message(approved=ORDER_77)
    keep(samples.document("webhook_delivered"))
    apply()

    assert status(message) == "delivered"
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.provider_message_id) == ("accepted", ID)


@pytest.mark.parametrize(
    "said",
    [
        {"template_name": "order_confirmation"},
        {"template_name": "order_confirmation", "language": None, "body": None},
        {"template_name": "order_confirmation", "language": "en", "body": {"1": "Asha", "2": 77}},
    ],
)
def test_what_a_template_receipt_leaves_out_contradicts_nothing(said):
    message, _ = uncertain_message(approved=ORDER_77)
    report("sent", "their-id", data={"type": "template", "context": said})
    apply()

    assert status(message) == "sent"


@pytest.mark.parametrize(
    "other",
    [
        ORDER_77 | {"name": "order_placed"},
        ORDER_77 | {"language": "hi"},
        ORDER_77 | {"values": {"1": "Asha", "2": "78"}},
        None,
    ],
)
def test_another_template_or_other_values_are_not_meant(other):
    message, _ = uncertain_message(approved=other)
    meant, _ = uncertain_message(approved=ORDER_77)
    report("sent", "their-id")
    apply()

    assert (status(message), status(meant)) == ("uncertain", "sent")


def test_number_and_template_tell_nothing_where_two_messages_fit():
    messages = [uncertain_message(approved=ORDER_77)[0] for _ in range(2)]
    report("sent", "their-id")
    apply()

    assert [status(message) for message in messages] == ["uncertain", "uncertain"]


def test_our_reference_is_enough_where_the_event_names_no_id():
    message = message_of()
    attempt = attempt_of(message, "their-id")
    report("delivered", None, metadata={"myop_ref_id": str(attempt.pk)})
    apply()

    assert status(message) == "delivered"


# --- early, unknown, not ours


def test_an_early_receipt_waits_for_its_attempt(nudges):
    event = report("read")
    apply()
    assert (result(event), event.tries, event.applied_at, nudges) == ("", 1, None, [1])

    message = sent_message()
    apply(later=0.3)

    assert status(message) == "read"
    assert result(event) == "applied"


def test_an_unknown_id_is_looked_at_again_for_a_day_and_then_set_aside():
    event = report("read", "nobody's")
    moment, looks = 0.0, 0
    while apply(moment):
        looks += 1
        event.refresh_from_db()
        moment = (event.due_at - timezone.now()).total_seconds() + 0.01

    assert looks == len(receipts.AGAIN) + 1
    assert sum(receipts.AGAIN) >= 24 * 3600
    assert result(event) == "unmatched"
    assert event.applied_at is not None


@pytest.mark.parametrize("kind", ["conversation.started", "link.clicked", "message.", ""])
def test_what_is_no_receipt_is_kept_and_ignored(kind):
    message = sent_message()
    event = keep(samples.document("webhook_read"), kind) if kind else keep({}, "")
    apply()

    assert (status(message), result(event)) == ("sent", "ignored")


# --- settling what is uncertain


@pytest.mark.django_db(transaction=True)
def test_a_receipt_settles_an_uncertain_message_so_that_it_is_not_sent_again(engine, memory_provider):
    message, _ = uncertain_message(ID)
    QueuedMessage.objects.update(due_at=timezone.now())
    report("sent")
    apply()

    engine.drain(1)

    assert status(message) == "sent"
    assert memory_provider.asked == []


def test_a_receipt_settles_an_offer_that_is_held_for_staff():
    message, _ = uncertain_message(ID)
    QueuedMessage.objects.update(held_for=Held.UNCERTAIN)
    report("delivered")
    apply()

    assert status(message) == "delivered"
    assert not QueuedMessage.objects.exists()


def test_a_settled_message_tells_who_listens(django_capture_on_commit_callbacks):
    message, _ = uncertain_message(ID, reference_id="order_7")
    told = []

    def listen(sender, **named):
        told.append((named["message_id"], named["status"], named["reference"]))

    message_finished.connect(listen)
    report("delivered")
    with django_capture_on_commit_callbacks(execute=True):
        apply()
        report("read")
        apply()
    message_finished.disconnect(listen)

    assert told == [(message.pk, "delivered", "order_7")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "failure", [None, NotNow("no", "500"), Uncertain("late", "timeout")], ids=["accepted", "500", "uncertain"]
)
def test_delivered_while_it_is_being_sent_again_ends_delivered(engine, memory_provider, failure):
    message, _ = uncertain_message(ID)
    QueuedMessage.objects.update(due_at=timezone.now())

    def meanwhile(outgoing):
        if failure:
            raise failure
        return Accepted("again")

    _deliver_in_flight(engine, meanwhile, memory_provider)

    assert status(message) == "delivered"
    assert not QueuedMessage.objects.exists()


def _deliver_in_flight(engine, meanwhile, memory_provider):
    """Claim, let the receipt come, then answer and record: what happens when all three overlap."""
    memory_provider.answer_with(meanwhile)
    start = engine.slots.start

    def receipt_then_start(jobs):
        report("delivered")
        apply()
        start(jobs)

    engine.slots.start = receipt_then_start
    engine.drain(2)


# --- failed later


def failed(code, message=None, **more):
    message = message or sent_message(**more)
    report("failed", codes=[code])
    apply()
    message.refresh_from_db()
    return message


def test_what_is_not_true_any_more_is_not_sent_again_when_it_failed_later():
    message = sent_message(reference_id="order_1")
    outbox.withdraw("order_1", [message.kind], "The order was cancelled.")
    failed(131000, message)

    assert (message.status, message.error_code, message.error) == (
        "cancelled",
        "withdrawn",
        "The order was cancelled.",
    )
    assert not QueuedMessage.objects.exists()


def test_131026_as_myoperator_sends_it_fails_the_message_and_marks_the_number():
    message = sent_message()
    keep(samples.document("webhook_failed_131026"))
    apply()

    assert status(message) == "failed"
    assert message.error_code == "131026"
    assert NotificationPreference.objects.get(phone=ASHA).unreachable_at is not None


def test_131050_ends_the_opt_in_and_leaves_the_rest():
    outbox.opt_in(ASHA, language="hi")

    assert failed(131050).status == "failed"
    preference = NotificationPreference.objects.get(phone=ASHA)
    assert (preference.marketing_opt_in_at, preference.language, preference.enabled) == (None, "hi", True)


def test_a_failure_that_may_heal_comes_again_on_the_schedule():
    message = failed(131000)

    row = QueuedMessage.objects.get()
    assert message.status == "retrying"
    assert timedelta(minutes=4) < row.due_at - timezone.now() <= timedelta(minutes=5)
    assert (row.tries, row.waits_for, row.expires_at) == (1, "retry", message.expires_at)


def test_the_marketing_cap_comes_again_after_a_day():
    failed(131049)

    assert QueuedMessage.objects.get().due_at - timezone.now() > timedelta(hours=23)


def test_a_failure_that_may_heal_fails_after_the_last_try():
    assert failed(131000, tries=4).status == "failed"


def test_a_failure_that_would_heal_too_late_fails():
    message = sent_message()
    Message.objects.update(expires_at=timezone.now() + timedelta(minutes=1))

    assert failed(131000, message).status == "failed"


@pytest.mark.parametrize("kind", ["sent", "delivered", "read"])
def test_a_receipt_takes_a_message_that_was_put_off_since_out_of_the_queue(kind):
    """An outage gave its try back and it is `queued` again, but the first try had got in."""
    message = message_of("queued", tries=0)
    attempt_of(message, ID, "uncertain")
    queued_of(message)
    report(kind)
    apply()

    assert status(message) == kind
    assert not QueuedMessage.objects.exists()


def test_what_is_for_good_stops_a_message_that_waits_for_its_next_try():
    message = sent_message()
    for code in (131000, 131026):
        report("failed", codes=[code])
        apply()

    assert status(message) == "failed"
    assert not QueuedMessage.objects.exists()


def test_our_account_s_trouble_stops_the_channel_and_is_no_try(texts):
    Channel.objects.create(since=timezone.now() - timedelta(hours=1))
    message = failed(131042, tries=4)

    row = QueuedMessage.objects.get()
    assert Channel.objects.get().state == Channel.State.DOWN
    assert (message.status, message.tries, row.tries) == ("retrying", 3, 3)
    assert row.due_at > timezone.now() + timedelta(minutes=4)


def test_trouble_from_before_the_channel_was_well_again_stops_nobody():
    Channel.objects.create(since=timezone.now() + timedelta(seconds=5))

    assert failed(131042).status == "retrying"
    assert Channel.objects.get().state == Channel.State.OPEN


def test_too_fast_makes_the_channel_wait_and_is_no_try():
    message = failed(130429, tries=4)

    assert (message.status, message.tries) == ("retrying", 3)
    assert Channel.objects.get().not_before > timezone.now() + timedelta(seconds=3)


def test_too_fast_for_one_person_leaves_the_channel_alone():
    assert failed(131056).status == "retrying"
    assert not Channel.objects.exists()


@pytest.mark.parametrize("named", [True, False])
def test_a_paused_template_holds_the_message_that_names_one(named, django_capture_on_commit_callbacks):
    template = {"name": "news", "language": "en"}
    ApprovedTemplate.objects.create(**template, status="approved", synced_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        message = failed(132015, approved={**template, "values": {}} if named else None)

    row = QueuedMessage.objects.get()
    assert (message.status, row.held_for) == ("retrying", Held.TEMPLATE if named else None)
    assert ApprovedTemplate.objects.get().status == ("paused" if named else "approved")


@pytest.mark.parametrize(
    ("kind", "priority"),
    [("test_alarm", Priority.URGENT), ("test_news", Priority.UTILITY), ("test_offer", Priority.MARKETING)],
)
def test_what_comes_again_keeps_its_priority(texts, kind, priority):
    failed(131000, kind=kind)

    assert QueuedMessage.objects.get().priority == priority


def test_failed_settles_an_uncertain_message():
    message, _ = uncertain_message(ID)

    assert failed(131047, message).status == "failed"
    assert not QueuedMessage.objects.exists()


def test_failed_leaves_a_message_that_is_being_sent_again_alone():
    message, _ = uncertain_message(ID)
    QueuedMessage.objects.update(lease_until=timezone.now() + timedelta(seconds=30), token=99)

    assert failed(131026, message).status == "uncertain"
    assert QueuedMessage.objects.exists()


def test_two_failures_of_one_message_in_one_batch_count_once():
    message = sent_message()
    report("failed", codes=[131000])
    report("failed", codes=[131000])
    apply()

    assert status(message) == "retrying"
    assert MessageEvent.objects.filter(what="failed_later").count() == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"metadata": {"errors": [{"code": 131026}]}},
        {"metadata": {"errors": {"code": "131026"}}},
        {"metadata": {"error": {"code": "131026"}}},
        {"errors": [{"code": 131026.0}]},
        {"errors": [{"code": None}, 7, "x", {"code": 131026}]},
        {"error": {"code": 131026, "title": ["odd"]}},
        {"metadata": "odd", "errors": "odd", "error": {"code": 131026, "message": "m" * 5000}},
        {"metadata": {"errors": [{"error": {"code": 131026}}]}},
        {"errors": {"errors": [{"error_code": 131026}]}},
        {"data": {"type": "template", "errors": [{"code": 131026}]}},
        {"data": {"context": {"error": {"code": 131026}}}},
        {"errors": [{"code": "400"}, {"code": 131026}]},
        {"errors": [10, 131026]},
        {"error": "131026"},
    ],
)
def test_the_code_is_found_wherever_it_stands(payload):
    message = sent_message()
    report("failed", **payload)
    apply()

    assert (status(message), message.error_code) == ("failed", "131026")


def test_what_whatsapp_says_of_a_value_is_kept_for_staff():
    message = sent_message()
    error = {"code": 132012, "title": "Mismatch", "error_data": {"details": "{{2}} is no currency"}}
    report("failed", metadata={"errors": [error]})
    apply()

    assert status(message) == "failed"
    assert message.error.endswith("WhatsApp said: {{2}} is no currency")


@pytest.mark.parametrize(
    "code",
    [True, False, 1.5, 1e300, "9" * 5000, 10**4000, -1, "x", [], {}, None, "१"],
    ids=lambda code: str(code)[:9],
)
def test_a_code_of_a_strange_shape_fails_the_message_for_good_and_stops_nobody(code):
    message = sent_message()
    other = message_of()
    attempt_of(other, "other")
    report("failed", error={"code": code, "title": "t" * 5000})
    report("read", "other")
    apply()

    assert status(other) == "read"
    assert status(message) == ("retrying" if code == "१" else "failed")


# --- events of a strange shape, and trouble


STRANGE = [
    [],
    "text",
    17,
    {},
    {"payload": []},
    {"payload": "text"},
    {"payload": {"id": {"a": 1}}},
    {"payload": {"id": ["list"], "metadata": []}},
    {"payload": {"id": 17, "metadata": {"myop_ref_id": {"a": 1}}}},
    {"payload": {"id": None, "metadata": {"myop_ref_id": 10**30}}},
    {"payload": {"id": "x" * 5000, "metadata": {"myop_ref_id": "9" * 5000}}},
    {"payload": {"id": "y", "metadata": {"myop_ref_id": "१२३"}}},
    {"payload": {"id": "y", "data": []}, "customer_identifier": {"a": 1}},
    {"payload": {"id": "y", "data": {"context": {"body": {"1": "Asha"}}}}, "customer_identifier": 17},
    {"payload": {"id": "y", "data": {"context": {"body": "x"}}}, "customer_identifier": "+" * 5000},
]


@pytest.mark.parametrize("kind", ["message.read", "message.failed", "message.received"])
def test_events_of_strange_shapes_stop_nobody(kind):
    message = sent_message()
    events = [keep(payload, kind) for payload in STRANGE]
    report("read")
    apply()

    assert status(message) == "read"
    assert {result(event) for event in events} <= {"", "ignored"}


def test_a_poison_event_is_set_aside_and_its_batch_applied(monkeypatch):
    message = sent_message()
    poison = report("read", "poison")
    report("read")
    real = receipts.matched

    def matched(events):
        if any(event.pk == poison.pk for event in events):
            raise KeyError("a shape nobody thought of")
        return real(events)

    monkeypatch.setattr(receipts, "matched", matched)
    apply()

    assert status(message) == "read"
    assert result(poison) == "poison: KeyError"
    assert apply(later=10) == 0


def test_trouble_of_the_database_blames_no_event(monkeypatch):
    event = report("read")

    def down(events):
        raise receipts.OperationalError("deadlock detected")

    monkeypatch.setattr(receipts, "matched", down)

    with pytest.raises(receipts.OperationalError):
        apply()
    assert (result(event), event.applied_at) == ("", None)


def test_a_batch_takes_the_same_queries_for_one_and_for_many(texts, django_assert_max_num_queries):
    def some(number):
        for place in range(number):
            message = message_of(phone=f"+91987654{place:04}")
            attempt_of(message, f"{number}-{place}")
            report(["sent", "delivered", "read", "failed"][place % 4], f"{number}-{place}", codes=[131000])
            report("read", f"unknown-{number}-{place}")

    some(4)
    with django_assert_max_num_queries(40) as few:
        apply()
    some(60)
    with django_assert_max_num_queries(40) as many:
        apply()

    assert len(many) == len(few)
    assert Message.objects.filter(status="retrying").count() == 16


def test_more_than_a_batch_is_applied_in_one_go(monkeypatch):
    monkeypatch.setattr(receipts, "BATCH", 3)
    for number in range(8):
        message = message_of()
        attempt_of(message, f"id-{number}")
        report("read", f"id-{number}")

    assert apply() == 8
    assert Message.objects.filter(status="read").count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_appliers_at_once_lock_nobody_out(monkeypatch):
    """The same messages reported on in opposite orders, failures among them: no deadlock, all applied."""
    monkeypatch.setattr(receipts, "BATCH", 7)
    messages = [message_of(phone=f"+91987654{place:04}") for place in range(40)]
    for message in messages:
        attempt_of(message, f"id-{message.pk}")
        QueuedMessage.objects.filter(pk=message.pk).delete()
    for ordered in (messages, messages[::-1], messages):
        for place, message in enumerate(ordered):
            code = [131026, 131000, 131050][place % 3]
            report("failed" if place % 2 else "sent", f"id-{message.pk}", codes=[code])

    assert database_errors(apply, times=30, seconds=20) == []
    assert not WebhookEvent.objects.filter(applied_at=None).exists()
    assert set(WebhookEvent.objects.values_list("result", flat=True)) == {"applied"}

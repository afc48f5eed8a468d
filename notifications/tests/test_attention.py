"""What needs staff: by cause, counted by the index, gone when it is cleared."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import attention, causes, outbox, registry, staff, unsettled
from notifications.causes import Remedy
from notifications.models import Channel, Held, Message, QueuedMessage
from notifications.providers import meta
from notifications.tests.conftest import ASHA
from notifications.unsettled import MOST_COUNTED

pytestmark = pytest.mark.django_db


def ended(count: int = 1, **fields) -> list[Message]:
    now = timezone.now()
    fields = {"phone": ASHA, "kind": "test_news", "text": "Hello", "status": "failed"} | fields
    made = [Message(expires_at=now, sent_at=now, **fields) for _ in range(count)]
    return Message.objects.bulk_create(made)


def held(held_for: str, **options) -> Message:
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"}, **options)
    QueuedMessage.objects.filter(pk=message.pk).update(held_for=held_for)
    return message


def found() -> dict[str, attention.Cause]:
    return {cause.key: cause for cause in attention.causes(timezone.now())}


@pytest.mark.parametrize(
    ("code", "key", "remedy"),
    [
        ("bad_phone", "bad_phone", Remedy.NUMBER),
        ("own_number", "own_number", Remedy.NUMBER),
        ("131026", "131026", Remedy.NUMBER),
        ("131021", "131021", Remedy.NUMBER),
        ("unknown_kind", "unknown_kind:test_news", Remedy.KIND),
        ("no_text", "no_text:test_news", Remedy.WRITE),
        ("missing_variable", "missing_variable:test_news", Remedy.CORRECT),
        ("cannot_render", "cannot_render:test_news", Remedy.CORRECT),
        ("131047", "131047:test_news", Remedy.CORRECT),
        ("132018", "132018:test_news", Remedy.CORRECT),
        ("132001", "132001", Remedy.SYNC),
        ("132016", "132016", Remedy.SYNC),
        ("cannot_write", "cannot_write", Remedy.SEND),
        ("131000", "131000", Remedy.SEND),
        ("502", "502", Remedy.SEND),
        ("131049", "131049", Remedy.GIVE_UP),
        ("130472", "130472", Remedy.GIVE_UP),
        ("something_new", "something_new", Remedy.SEND),
    ],
)
def test_each_code_has_its_cause_and_the_one_act_that_clears_it(texts, code, key, remedy):
    ended(3, error_code=code, error="Something.")

    assert {name: (cause.remedy, cause.count) for name, cause in found().items()} == {key: (remedy, 3)}


def test_a_failure_without_a_code_is_a_cause_too(texts):
    ended(error_code="", error="Nobody knows")

    assert [cause.count for cause in attention.causes(timezone.now())] == [1]


def test_what_is_too_late_is_a_cause(texts):
    ended(status="expired", error_code="expired")

    assert found()["expired"].remedy == Remedy.SEND


def test_a_text_that_is_switched_off_is_a_cause_and_names_its_kind(texts):
    ended(status="suppressed", error_code="template_off")

    cause = found()["template_off:test_news"]
    assert (cause.remedy, cause.title) == (Remedy.SWITCH_ON, "The text of News (tests) is switched off")


@pytest.mark.parametrize("held_for", Held)
def test_what_is_on_hold_is_a_cause_however_old(texts, held_for):
    message = held(held_for)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=90))

    assert [cause.held_for for cause in attention.causes(timezone.now())] == [held_for]


def test_words_of_mine_are_there_for_every_code_that_is_documented():
    for code in meta.DOCUMENTED | {"bug", "refused", "gateway", "timeout"}:
        rule = causes.of_code(str(code))
        assert rule is None or (rule.title and rule.sentence)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "suppressed", "error_code": "opted_out"},
        {"status": "suppressed", "error_code": "no_opt_in"},
        {"status": "cancelled", "error_code": "withdrawn"},
        {"status": "read"},
        {"error_code": "131050"},
        {"error_code": "131026", "is_test": True},
        {"error_code": "131026", "given_up_at": timezone.now()},
        {"error_code": "131026", "created_at": timezone.now() - timedelta(days=8)},
    ],
    ids=lambda fields: "-".join(map(str, fields.values()))[:40],
)
def test_what_is_meant_so_or_settled_or_old_needs_nobody(texts, fields):
    ended(**fields)

    assert attention.causes(timezone.now()) == []
    assert attention.total(timezone.now()) == 0


def test_who_said_what_we_have_no_words_for_is_quoted(texts):
    ended(error_code="9999", error="Quota of the sun exceeded.")

    assert "It said: Quota of the sun exceeded." in found()["9999"].sentence


def test_kinds_of_one_cause_are_counted_together_and_dated(texts):
    now = timezone.now()
    ended(2, error_code="131026", created_at=now - timedelta(days=3))
    ended(1, error_code="131026", kind="test_alarm", created_at=now - timedelta(hours=1))

    cause = found()["131026"]

    assert (cause.count, cause.kinds) == (3, ("test_alarm", "test_news"))
    assert (cause.since, cause.newest) == (now - timedelta(days=3), now - timedelta(hours=1))


def test_the_newest_cause_stands_first_and_the_channel_above_all(texts, settings):
    now = timezone.now()
    ended(error_code="131026", created_at=now - timedelta(hours=5))
    ended(error_code="131000", created_at=now - timedelta(hours=2))
    Channel.objects.create(
        number=settings.MYOPERATOR_PHONE_NUMBER, state="stopped", reason="Wrong text.", changed_by="chitra"
    )

    assert list(found()) == ["channel", "131000", "131026"]
    assert "Paused by chitra: Wrong text." in found()["channel"].sentence


@pytest.mark.parametrize("state", ["outage", "down"])
def test_a_channel_that_closed_by_itself_says_why(settings, state):
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, state=state, reason="No money.")

    cause = found()["channel"]
    assert "No money. It opens by itself" in cause.sentence
    assert (cause.title.split()[0], cause.action) == ("MyOperator", "Try now")


def test_very_many_are_counted_no_further_than_anybody_reads(texts):
    ended(MOST_COUNTED + 50, error_code="131026")

    cause = found()["131026"]
    assert (cause.count, cause.counted) == (MOST_COUNTED + 1, "1,000+")
    assert attention.messages_of(cause, timezone.now()).count() == MOST_COUNTED + 50


@pytest.mark.parametrize("act", [staff.resend, staff.give_up])
def test_what_is_done_is_gone(texts, act):
    messages = ended(3, error_code="131026")

    act([message.pk for message in messages[:2]], "chitra")
    assert found()["131026"].count == 1

    act([messages[2].pk], "chitra")
    assert found() == {}


def test_the_messages_of_a_cause_are_its_own(texts):
    mine, _ = ended(error_code="no_text"), ended(error_code="no_text", kind="test_alarm")
    waits = held(Held.UNCERTAIN)
    now = timezone.now()

    assert list(attention.messages_of(found()["no_text:test_news"], now)) == mine
    assert list(attention.messages_of(found()["held:uncertain"], now)) == [waits]


def test_what_waits_for_a_template_waits_by_kind(texts):
    waits = held(Held.TEMPLATE)
    other = outbox.queue("test_alarm", to=ASHA, variables={})
    QueuedMessage.objects.filter(pk=other.pk).update(held_for=Held.TEMPLATE)

    cause = found()["held:template:test_news"]

    assert cause.remedy == Remedy.SYNC
    assert list(attention.messages_of(cause, timezone.now())) == [waits]
    assert "held:template:test_alarm" in found()


FILL = """
INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
    error_code, error, created_at, expires_at, sent_at)
SELECT '+919876543210', 'k' || id % 5, 'en', '', '{}', '', CASE WHEN id % 10 = 0 THEN 'failed' ELSE 'read' END, 0,
    CASE WHEN id % 10 = 0 THEN 'c' || id % 4 ELSE '' END, '', now() - id * interval '40 seconds', now(), now()
FROM generate_series(1, 60000) id
"""


def test_a_long_log_is_grouped_by_the_index_alone():
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("ANALYZE notifications_message")
        now = timezone.now()
        given = {"since": now - timedelta(days=7), "most": MOST_COUNTED + 1, "groups": 200}
        cursor.execute(f"EXPLAIN {unsettled._GROUPS}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Seq Scan on notifications_message" not in plan
    assert plan.count("message_unsettled") >= 4


def test_the_messages_of_a_cause_are_found_by_the_index(texts):
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("ANALYZE notifications_message")
    cause = found()["c0"]

    plan = attention.messages_of(cause, timezone.now()).values_list("pk", flat=True)[:50_000].explain()

    assert "message_unsettled" in plan


def test_a_kind_that_is_gone_is_named_by_its_code(texts):
    ended(error_code="no_text", kind="long_gone")

    assert registry.get("long_gone") is None
    assert found()["no_text:long_gone"].title == "long_gone has no text"

"""Kinds that staff made: known in every process, without a query per message."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from notifications import engine, outbox, registry, typed
from notifications.models import CustomKind, MessageTemplate, NotificationPreference, Priority, QueuedMessage
from notifications.models.kind import KindsOfStaff
from notifications.models.template import kind_choices
from notifications.models.variables import check_variables
from notifications.tests.conftest import ASHA, NEWS

pytestmark = pytest.mark.django_db

PRICE = {"name": "price", "kind": "money", "sample": "66"}


def make(code="milk_price", **more):
    fields = {"label": "Milk price", "category": "utility", "preference": "order", "variables": [PRICE]}
    return CustomKind.objects.create(code=code, **fields | more)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_everybody_knows_a_kind_that_staff_made():
    make()

    kind = registry.get("milk_price")
    assert (kind.label, kind.category, kind.hours) == ("Milk price", "utility", "any")
    assert kind.variable_kinds == {"price": "money"}
    assert kind.expires == timedelta(hours=24)
    assert kind_choices()[-1] == ("milk_price", "Milk price")


def test_marketing_keeps_its_hours_and_lasts_three_days():
    make(category="marketing", preference="promotional")

    kind = registry.get("milk_price")
    assert (kind.hours, kind.expires) == ("marketing", timedelta(days=3))


def test_kinds_in_code_stay_first(texts):
    make("aaa")

    assert [kind.code for kind in registry.kinds()][-1] == "aaa"


def test_a_message_of_a_kind_of_staff_is_written_and_queued():
    make(category="marketing", preference="promotional")
    MessageTemplate.objects.create(kind="milk_price", content="A litre is ₹{{price}} now.")
    outbox.opt_in(ASHA)

    message = outbox.queue("milk_price", to=ASHA, variables={"price": "1234"})

    assert message.text == "A litre is ₹1,234 now."
    assert QueuedMessage.objects.get().priority == Priority.MARKETING


@pytest.mark.django_db(transaction=True)
def test_consent_is_asked_for_a_kind_of_staff_when_it_is_due(memory_provider):
    make(preference="payment")
    MessageTemplate.objects.create(kind="milk_price", content="A litre is ₹{{price}} now.")
    message = outbox.queue("milk_price", to=ASHA, variables={"price": 66})
    NotificationPreference.objects.create(phone=ASHA, payment=False)

    engine.drain(2)

    message.refresh_from_db()
    assert (message.status, message.error_code) == ("suppressed", "category_off")
    assert not memory_provider.asked


def test_a_known_kind_costs_no_query():
    make()
    known = KindsOfStaff(Clock())
    known.get("milk_price")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(1000):
            known.get("milk_price")

    assert len(asked) == 0


def test_what_another_process_made_is_known_at_once():
    known = KindsOfStaff(Clock())
    assert known.get("milk_price") is None
    make()

    assert known.get("milk_price").label == "Milk price"


def test_what_another_process_changed_is_known_after_a_few_seconds():
    clock = Clock()
    known = KindsOfStaff(clock)
    make()
    known.get("milk_price")
    CustomKind.objects.update(label="Price of milk")
    assert known.get("milk_price").label == "Milk price"

    clock.now += KindsOfStaff.FRESH_SECONDS

    assert known.get("milk_price").label == "Price of milk"


def test_a_queue_full_of_an_unknown_kind_asks_only_so_often():
    known = KindsOfStaff(Clock())

    with CaptureQueriesContext(connection) as asked:
        for _ in range(1000):
            known.get("gone")

    assert len(asked) <= KindsOfStaff.MOST_ASKED + 1


def test_what_can_be_no_code_is_not_asked_for():
    with CaptureQueriesContext(connection) as asked:
        assert KindsOfStaff(Clock()).get("No\0code") is None

    assert len(asked) == 0


def test_a_code_that_an_app_declares_cannot_be_taken(texts):
    kind = CustomKind(code=NEWS.code, label="x", category="utility", preference="order")

    with pytest.raises(ValidationError, match="exists, in code"):
        kind.full_clean()


def test_a_code_that_an_app_declares_later_is_the_apps(texts):
    make(NEWS.code)

    assert registry.get(NEWS.code) == NEWS
    assert [kind.code for kind in registry.kinds()].count(NEWS.code) == 1


@pytest.mark.parametrize("code", ["a", "1a", "Aa", "a b", "a-b", "a" * 65, "ab\n"])
def test_a_code_is_a_slug(code):
    with pytest.raises(ValidationError) as refused:
        CustomKind(code=code, label="x", category="utility", preference="order").full_clean()

    assert set(refused.value.message_dict) == {"code"}


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({}, "list"),
        ([PRICE] * 2, "twice"),
        ([PRICE | {"name": "self"}], "not a variable"),
        ([PRICE | {"name": "a b"}], "name is made of"),
        ([PRICE | {"kind": "colour"}], "cannot be of the kind"),
        ([PRICE | {"sample": ""}], "each a text"),
        ([PRICE | {"sample": "a\0"}], "each a text"),
        ([PRICE | {"sample": "NaN"}], "sample"),
        ([{"name": "x"}], "each a text"),
        ([5], "each a text"),
        ([PRICE | {"name": f"n{i}"} for i in range(31)], "at most 30"),
    ],
)
def test_variables_are_what_texts_can_use(variables, why):
    with pytest.raises(ValidationError, match=why):
        check_variables(variables)


@pytest.mark.parametrize("wrong", [{"category": "x"}, {"preference": "x"}])
def test_the_database_refuses_what_nobody_knows(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**wrong)


# --- its texts stay whole


def texted(*languages, content="A litre is ₹{{price}} now."):
    return [
        MessageTemplate.objects.create(kind="milk_price", language=one, content=content) for one in languages
    ]


@pytest.mark.parametrize(
    "variables", [[], [PRICE | {"name": "cost"}], [{"name": "other", "kind": "text", "sample": "x"}]]
)
def test_a_variable_that_a_text_uses_stays_whoever_saves(variables):
    kind = make()
    texted("en", "hi")
    kind.variables = variables

    with pytest.raises(ValidationError) as refused:
        kind.save()

    assert refused.value.message_dict["variables"] == [
        f"The {language} text uses {{{{price}}}}. Take it out of that text first."
        for language in ("English", "Hindi")
    ]


def test_a_variable_in_a_condition_or_in_an_approved_template_is_used_too():
    kind = make(variables=[PRICE, {"name": "shop", "kind": "text", "sample": "HSR"}])
    (text,) = texted("en", content="{% if shop %}Here{% else %}There{% endif %}")
    MessageTemplate.objects.filter(pk=text.pk).update(placeholders={"1": "price"})
    kind.variables = []

    with pytest.raises(ValidationError) as refused:
        kind.save()

    assert len(refused.value.messages) == 2


def test_a_text_that_reads_differently_needs_somebodys_word():
    kind = make()
    texted("en")
    kind.variables = [PRICE | {"kind": "text"}]
    with pytest.raises(ValidationError, match="would read"):
        kind.save()

    kind.may_read_differently = True
    kind.save()
    assert CustomKind.objects.get().variables[0]["kind"] == "text"


def test_what_no_text_uses_may_go_and_meanings_may_change():
    kind = make(variables=[PRICE, {"name": "shop", "kind": "text", "sample": "HSR"}])
    texted("en")
    kind.variables = [PRICE | {"meaning": "Of a litre"}]
    kind.save()

    assert registry.get("milk_price").variables[0].meaning == "Of a litre"


def test_a_text_that_was_broken_before_does_not_stand_in_the_way():
    kind = make(variables=[PRICE, {"name": "shop", "kind": "text", "sample": "HSR"}])
    texted("en")
    MessageTemplate.objects.update(content="{{ broken")
    kind.variables = [PRICE]
    kind.save()

    assert len(CustomKind.objects.get().variables) == 1


def test_a_text_may_use_at_once_what_another_process_added():
    kind = make()
    registry.get("milk_price")
    new = [PRICE, {"name": "shop", "kind": "text", "sample": "HSR"}]
    CustomKind.objects.filter(pk=kind.pk).update(variables=new)

    (text,) = texted("en", content="{{shop}}: ₹{{price}}.")
    text.full_clean()

    assert text.version == 1


@pytest.mark.django_db(transaction=True)
def test_a_text_waits_for_who_changes_its_kind_and_sees_what_they_did():
    kind = make(variables=[PRICE, {"name": "shop", "kind": "text", "sample": "HSR"}])
    refused = []

    def write():
        try:
            texted("en", content="{{shop}}: ₹{{price}}.")
        except ValidationError as error:
            refused.extend(error.messages)
        finally:
            connection.close()

    with transaction.atomic():
        kind.variables = [PRICE]
        kind.save()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
    writer.join(10)

    assert "there is no variable `shop`" in refused[0]
    assert not MessageTemplate.objects.filter(kind="milk_price").exists()


# --- values that people type


@pytest.mark.parametrize(
    ("value", "kind", "why"),
    [
        ("66", "money", ""),
        ("1,234", "money", "without ₹ and commas"),
        ("2026-02-30", "date", "year, month, day"),
        ("25:00", "time", "07:30 or 19:30"),
        ("12", "phone", "phone number"),
        ("98765 43210", "phone", ""),
        ("  ", "text", "Fill this in"),
        ("a     b", "text", "more than four spaces"),
        ("a" * 1025, "text", "1,025 characters"),
    ],
)
def test_a_typed_value_is_taken_or_told_what_is_wrong(value, kind, why):
    assert why in registry.fault_of(value, kind)
    assert bool(why) == bool(registry.fault_of(value, kind))


@given(st.text(), st.sampled_from(list(typed.TYPES)))
def test_what_passes_can_be_written(value, kind):
    if not typed.fault(value, kind):
        assert 0 < len(typed.reads(value, kind)) <= 1024


def test_every_type_has_a_sample_that_reads_as_it():
    assert [typed.fault(one.sample, code) for code, one in typed.TYPES.items()] == [""] * 7
    assert ("money", "Money: 1,23,456.50") in typed.choices()

"""Telling many customers with a kind of message that staff made."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications import clock, outbox, registry
from notifications.models import CustomKind, Message, MessageTemplate, NotificationPreference
from notifications.models.kind import OF_STAFF
from notifications.tests.at_once import together
from orders import announcements, own_kinds, previewing
from orders.models import Announcement, Customer

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/announcement/"
ADD = f"{LIST}add/"
VARIABLES = [
    {"name": "customer_name", "kind": "text", "sample": "Asha"},
    {"name": "day", "kind": "date", "sample": "2026-12-05", "meaning": "Of the fair"},
    {"name": "price", "kind": "money", "sample": "60"},
]
GIVEN = {"day": "2026-12-05", "price": "1234.5"}


@pytest.fixture(autouse=True)
def _kinds_of_staff(monkeypatch):
    OF_STAFF.forget()
    monkeypatch.setattr(announcements.NUDGER, "nudge", lambda: None)


@pytest.fixture
def fair(db):
    """A marketing kind, with an English and a Hindi text."""
    kind = CustomKind.objects.create(
        code="fair", label="Fair", category="marketing", preference="promotional", variables=VARIABLES
    )
    for language, content in (
        ("en", "Dear {{customer_name}}, the fair is on {{day}}: ₹{{price}} only."),
        ("hi", "{{customer_name}} जी, मेला {{day}} को है: ₹{{price}} मात्र।"),
    ):
        MessageTemplate.objects.create(kind="fair", language=language, content=content)
    return kind


@pytest.fixture
def holiday(db):
    """A utility kind without variables."""
    kind = CustomKind.objects.create(
        code="holiday", label="Holiday", category="utility", preference="delivery"
    )
    MessageTemplate.objects.create(kind="holiday", content="No deliveries tomorrow.")
    return kind


@pytest.fixture
def announce(fair):
    def make(**more):
        return Announcement.objects.create(**{"kind": "fair", "values": GIVEN} | more)

    return make


def people(*numbers, opted_in=True, **who):
    rows = [
        Customer.objects.create(name=f"C{n}", phone=f"+9198765{n:05}", area="HSR", **who) for n in numbers
    ]
    for row in rows if opted_in else ():
        outbox.opt_in(row.phone)
    return rows


def run(announcement):
    announcements.start(announcement)
    announcements.advance(clock.now())
    announcement.refresh_from_db()
    return announcement


def fields(**more):
    given = {"kind": "fair", "product": "", "subscribers": "any", "at_0": "", "at_1": ""}
    return given | {"value-day": "2026-12-05", "value-price": "1234.5"} | more


# --- who is told what


def test_each_customer_reads_the_values_and_their_own_name_in_their_language(announce, texts_of):
    people(1)
    people(2, language="hi")
    announcement = run(announce())

    assert texts_of("fair") == [
        "Dear C1, the fair is on December 5: ₹1,234.50 only.",
        "C2 जी, मेला 5 दिसंबर को है: ₹1,234.50 मात्र।",
    ]
    assert set(Message.objects.values_list("reference_id", flat=True)) == {f"announcement_{announcement.pk}"}
    assert (announcement.status, announcement.queued, announcement.suppressed) == ("done", 2, 0)


def test_its_messages_lead_back_to_it(announce):
    announcement = announce()
    assert registry.link_of(announcement.reference) == f"{LIST}{announcement.pk}/change/"


def test_it_is_of_a_product_or_of_a_kind_and_never_of_both(announce, milk):
    for wrong in ({"product": milk, "kind": "fair"}, {"product": None, "kind": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.create(**wrong)


def test_two_workers_and_a_third_look_tell_everybody_once(announce, texts_of, monkeypatch):
    monkeypatch.setattr(announcements, "CHUNK", 2)
    people(*range(1, 6))
    announcement = run(announce())
    Announcement.objects.update(
        status="running", last_customer=0
    )  # as if its worker had died before it was noted

    announcements.advance(clock.now())

    announcement.refresh_from_db()
    assert len(texts_of("fair")) == 5
    assert announcement.status == "done"


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_everybody_once(announce, texts_of, monkeypatch):
    monkeypatch.setattr(announcements, "CHUNK", 2)
    people(*range(1, 8))
    announcements.start(announce())

    together(lambda: announcements.advance(clock.now()), 3)
    announcements.advance(clock.now())

    assert len(texts_of("fair")) == 7


def test_another_announcement_of_the_kind_is_another_message(announce, texts_of):
    people(1)
    run(announce())
    second = announce()
    assert "Announcement" in previewing.preview(second).warnings[0]
    run(second)
    assert len(texts_of("fair")) == 2


def test_stopping_one_takes_back_its_own_and_no_other(announce, monkeypatch):
    people(1)
    stopped, other = run(announce()), run(announce())
    announcements.stop(stopped)
    announcements.advance(clock.now())

    assert dict(Message.objects.values_list("reference_id", "status")) == {
        stopped.reference: "cancelled",
        other.reference: "queued",
    }
    stopped.refresh_from_db()
    assert (stopped.withdrawn, bool(stopped.withdrawn_at)) == (1, True)


# --- before it starts


def test_the_preview_counts_reasons_and_the_price_of_its_category(announce, settings):
    settings.NOTIFICATION_PRICE_MARKETING = Decimal("0.86")
    people(1, 2, 3)
    people(4, opted_in=False)
    NotificationPreference.objects.filter(phone="+919876500003").update(promotional=False)
    found = previewing.preview(announce())

    assert (found.told, found.audience, found.cost) == (2, 4, Decimal("1.72"))
    assert found.left_out == {"no_opt_in": 1, "category_off": 1}


def test_a_utility_kind_goes_to_who_never_asked_for_offers_at_its_own_price(holiday, settings):
    settings.NOTIFICATION_PRICE_UTILITY = Decimal("0.13")
    people(1, 2, opted_in=False)
    found = previewing.preview(Announcement.objects.create(kind="holiday", is_notice=True))

    assert (found.told, found.cost) == (2, Decimal("0.26"))
    assert "makes it marketing" in found.warnings[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"active": False}, "template_off"), (None, "no_text")],
)
def test_a_text_that_is_off_or_missing_is_a_reason(announce, change, code):
    people(1)
    announcement = announce()
    texts = MessageTemplate.objects.filter(kind="fair")
    texts.update(**change) if change else texts.delete()

    assert previewing.preview(announcement).left_out == {code: 1}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"values": {"day": "2026-12-05"}}, "price: Fill this in."),
        ({"values": GIVEN | {"day": "soon"}}, "day: Write a date as 2026-12-01"),
        ({"kind": "nothing_like_it"}, "There is no kind of message like this any more"),
        ({"kind": "new_product"}, "There is no kind of message like this any more"),
        ({"kind": "holiday", "values": {}}, "Say that this is a notice of service"),
    ],
)
def test_what_cannot_go_as_it_stands_is_not_started(announce, holiday, wrong, why):
    people(1)
    announcement = announce(**wrong)

    assert why in previewing.preview(announcement).faults[0]
    with pytest.raises(ValidationError, match=why[:20]):
        announcements.start(announcement)
    announcement.refresh_from_db()
    assert announcement.status == "draft"


def test_a_variable_that_the_kind_got_since_is_asked_for_before_it_starts(announce, fair):
    announcement = announce()
    fair.variables = [*VARIABLES, {"name": "place", "kind": "text", "sample": "HSR"}]
    fair.save()

    assert own_kinds.faults(announcement) == ["place: Fill this in."]


# --- the form


def test_staff_plan_an_announcement_of_their_own_kind(desk, chitra, fair):
    answer = desk.post(ADD, fields())

    made = Announcement.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/start"
    assert (made.kind, made.product, made.values, made.made_by) == ("fair", None, GIVEN, chitra)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"value-price": ""}, "Fill this in."),
        ({"value-price": "cheap"}, "Write an amount in digits"),
        ({"value-day": "5 December"}, "Write a date as 2026-12-01"),
        ({"value-price": "60\t"}, None),
        ({"value-day": "a\nb"}, "WhatsApp takes no line break, tab or more than four spaces"),
        ({"value-price": "9" * 2000}, "a message holds 1,024"),
        ({"value-price": "6\u202e0"}, "cannot be seen or sent"),
        ({"value-price": "6\x000"}, "Null characters"),
    ],
)
def test_a_value_that_cannot_be_sent_is_refused_at_its_place(desk, fair, wrong, why):
    answer = desk.post(ADD, fields(**wrong))

    assert Announcement.objects.exists() == (why is None)
    assert why is None or why in answer.content.decode()


def test_hostile_values_are_kept_as_they_are_and_shown_escaped(desk, announce, fair):
    fair.variables = [*VARIABLES, {"name": "words", "kind": "text", "sample": "x"}]
    fair.save()
    MessageTemplate.objects.filter(kind="fair").update(content="{{words}} on {{day}}, ₹{{price}}.")
    hostile = '<script>alert(1)</script> "Ravi\'s" 🥛 {{day}} {% if %}'
    desk.post(ADD, fields(**{"value-words": hostile}))

    page = desk.get(f"{LIST}{Announcement.objects.get().pk}/start").content.decode()
    assert Announcement.objects.get().values["words"] == hostile
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{day}} {% if %} on December 5" in page


def test_thirty_variables_are_thirty_fields(desk, fair):
    fair.variables = [{"name": f"v{n}", "kind": "number", "sample": "1"} for n in range(30)]
    MessageTemplate.objects.filter(kind="fair").delete()
    fair.save()
    values = {f"value-v{n}": str(n) for n in range(30)}
    desk.post(ADD, {**{k: v for k, v in fields().items() if not k.startswith("value")}, **values})

    assert Announcement.objects.get().values == {f"v{n}": str(n) for n in range(30)}


def test_a_variable_may_be_called_whatever_the_page_calls_its_own(desk, fair):
    names = ("kind", "price", "fields", "label", "is_utility", "values", "about")
    fair.variables = [{"name": name, "kind": "text", "sample": "x"} for name in names]
    MessageTemplate.objects.filter(kind="fair").delete()
    fair.save()
    page = desk.get(f"{LIST}values", {"kind": "fair"}).content.decode()

    assert [page.count(f'name="value-{name}"') for name in names] == [1] * len(names)
    assert "₹0.86 each" in page


def test_without_javascript_the_values_are_asked_for_in_the_answer(desk, fair):
    answer = desk.post(ADD, {"kind": "fair", "subscribers": "any", "at_0": "", "at_1": ""})

    page = answer.content.decode()
    assert 'name="value-price"' in page
    assert 'name="value-customer_name"' not in page
    assert "reads 60" in page


def test_the_values_come_by_themselves_and_what_was_typed_stays(desk, fair, holiday):
    asked = {"kind": "fair", "value-price": '"><b>60'}
    page = desk.get(f"{LIST}values", asked).content.decode()
    assert 'value="&quot;&gt;&lt;b&gt;60"' in page
    assert "is filled in for each customer" in page

    assert "notice of service" in desk.get(f"{LIST}values", {"kind": "holiday"}).content.decode()
    for other in ("", "nothing", "new_product", "a\0"):
        assert "value-" not in desk.get(f"{LIST}values", {"kind": other}).content.decode()


def test_a_utility_kind_needs_staffs_word_that_it_is_a_notice(desk, holiday):
    plain = {"kind": "holiday", "subscribers": "any", "at_0": "", "at_1": ""}
    assert "Say that this is a notice of service" in desk.post(ADD, plain).content.decode()
    assert not Announcement.objects.exists()

    desk.post(ADD, plain | {"is_notice": "on"})
    assert Announcement.objects.get().is_notice


def test_neither_a_product_nor_a_kind_is_refused(desk):
    answer = desk.post(ADD, {"subscribers": "any", "at_0": "", "at_1": ""})
    assert "Choose the product, or something else to say." in answer.content.decode()


@pytest.mark.parametrize("kind", ["new_product", "order_confirmation", "nothing", "<b>"])
def test_only_kinds_of_staffs_own_can_be_chosen(desk, kind):
    assert desk.post(ADD, fields(kind=kind)).status_code == 200
    assert not Announcement.objects.exists()


def test_a_draft_turns_from_a_kind_to_a_product_and_keeps_no_values(desk, announce, milk):
    draft = announce()
    desk.post(f"{LIST}{draft.pk}/change/", fields(kind="", product=milk.pk))

    draft.refresh_from_db()
    assert (draft.kind, draft.product, draft.values) == ("", milk, {})


def test_the_page_of_a_kind_leads_here(desk, fair):
    shown = desk.get(f"/admin/notifications/customkind/{fair.pk}/change/").content.decode()
    assert f"{ADD}?kind=fair" in shown
    assert 'name="value-price"' in desk.get(f"{ADD}?kind=fair").content.decode()


# --- its pages


def test_the_start_page_shows_what_customers_read_and_in_which_language(desk, announce):
    people(1)
    page = desk.get(f"{LIST}{announce().pk}/start").content.decode()
    assert "Dear Asha, the fair is on December 5: ₹1,234.50 only." in page
    assert "Asha जी, मेला 5 दिसंबर को है" in page


def test_the_start_page_says_what_is_missing_and_offers_no_start(desk, announce):
    page = desk.get(f"{LIST}{announce(values={}).pk}/start").content.decode()
    assert "This cannot start as it stands." in page
    assert 'value="Start' not in page


def test_the_progress_is_asked_for_until_it_is_done(desk, announce, moved):
    announcement = announcements.start(announce(at=clock.now() + timedelta(hours=1)))
    where = f"{LIST}{announcement.pk}/progress"
    assert f'hx-get="{where}"' in desk.get(where).content.decode()

    moved.forward(hours=2)
    announcements.advance(clock.now())
    assert "hx-get" not in desk.get(where).content.decode()


def test_starting_and_stopping_stand_in_the_history(desk, announce):
    people(1)
    announcement = announce()
    for _ in range(2):
        desk.post(f"{LIST}{announcement.pk}/start")
    desk.post(f"{LIST}{announcement.pk}/stop")
    words = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(words) == ["Started, for 1 customer.", "Stopped."]


def test_what_was_started_keeps_its_kind_and_values(desk, announce):
    announcement = run(announce())
    desk.post(f"{LIST}{announcement.pk}/change/", fields(kind="", **{"value-price": "1"}))
    announcement.refresh_from_db()
    assert (announcement.kind, announcement.values) == ("fair", GIVEN)
    assert "the fair is on December 5" in desk.get(f"{LIST}{announcement.pk}/change/").content.decode()


@pytest.mark.parametrize("page", ["values?kind=fair", "1/progress"])
def test_nobody_without_the_right_sees_its_parts(client, announce, django_user_model, page):
    announce()
    client.force_login(django_user_model.objects.create_user("dev", is_staff=True))
    assert client.get(f"{LIST}{page}").status_code == 403

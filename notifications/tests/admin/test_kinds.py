"""The editor of staff's own kinds: rows for the variables, and what is never lost or broken."""

import json
import shlex

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import CustomKind, MessageTemplate
from notifications.tests.admin.conftest import at_desk, told
from notifications.tests.conftest import NEWS

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/customkind/"
PRICE = {"name": "price", "kind": "money", "sample": "66", "meaning": "Of a litre"}
DAY = {"name": "from_date", "kind": "date", "sample": "2026-12-01", "meaning": ""}


def rows(*variables, initial=0, was=True):
    """The rows as the page posts them."""
    found = {"variables-TOTAL_FORMS": len(variables), "variables-INITIAL_FORMS": initial}
    for place, variable in enumerate(variables):
        old = {"was": variable["name"]} if was and place < initial else {}
        found |= {f"variables-{place}-{name}": value for name, value in (old | variable).items()}
    return found


def body(*variables, **more):
    fields = {"label": "Milk price", "code": "milk_price", "category": "utility", "preference": "order"}
    initial = more.pop("initial", 0)
    return fields | rows(*variables, initial=initial) | more


@pytest.fixture
def milk_price(db):
    return CustomKind.objects.create(
        code="milk_price", label="Milk price", category="utility", preference="order", variables=[PRICE, DAY]
    )


def page(kind):
    return f"{LIST}{kind.pk}/change/"


def html(answer):
    return " ".join(answer.content.decode().split())


def texts(*languages, content="From {{from_date}} ₹{{price}} a litre"):
    return [
        MessageTemplate.objects.create(kind="milk_price", language=language, content=content)
        for language in languages
    ]


# --- a new one


def test_a_kind_is_made_from_rows_and_its_texts_come_next(chitra):
    answer = chitra.post(f"{LIST}add/", body(PRICE, DAY))

    made = CustomKind.objects.get()
    assert answer.headers["Location"] == f"{page(made)}#texts"
    assert (made.code, made.variables, made.created_by) == ("milk_price", [PRICE, DAY], chitra.user)


def test_the_empty_page_has_rows_to_fill_in_without_javascript(chitra):
    shown = html(chitra.get(f"{LIST}add/"))

    assert all(f'name="variables-{place}-name"' in shown for place in range(3))
    assert "Money: 1,23,456.50" in shown
    assert "₹0.86 each" in shown


def test_rows_where_nothing_is_written_are_left_out(chitra):
    empty = {"name": "", "kind": "text", "sample": "", "meaning": "", "ORDER": "3"}
    chitra.post(f"{LIST}add/", body(PRICE, empty))

    assert CustomKind.objects.get().variables == [PRICE]


def test_rows_stand_in_the_order_they_were_put_in(chitra):
    chitra.post(f"{LIST}add/", body(PRICE | {"ORDER": "2"}, DAY | {"ORDER": "1"}))

    assert [one["name"] for one in CustomKind.objects.get().variables] == ["from_date", "price"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": ""}, "Give it a name"),
        ({"name": "a b"}, "Use the letters a–z"),
        ({"name": "self"}, "are taken"),
        ({"name": "<script>alert(1)</script>"}, "Use the letters a–z"),
        ({"sample": ""}, "Give a sample"),
        ({"sample": "about 66"}, "Write an amount in digits"),
        ({"sample": "NaN"}, "Write an amount in digits"),
        ({"kind": "date"}, "Write a date as 2026-12-01"),
        ({"kind": "colour"}, "colour"),
        ({"kind": "text", "sample": "a" * 201}, "at most 200 characters"),
        ({"kind": "text", "sample": "a\u202e"}, "cannot be seen or sent"),
        ({"kind": "text", "sample": "a\tb"}, "WhatsApp takes no line break"),
        ({"meaning": "a\u202e"}, "cannot be seen"),
        ({"name": "from_date"}, "another variable called from_date"),
    ],
)
def test_what_is_wrong_stands_at_its_row_and_nothing_typed_is_lost(chitra, wrong, why):
    answer = chitra.post(f"{LIST}add/", body(DAY, PRICE | wrong, label='Milk "price" 🥛 <b>'))

    form = answer.context["adminform"].form
    at = [row for row in form.rows if row.errors]
    assert [row.prefix for row in at] == ["variables-1"]
    assert why in " ".join(words for field in at[0].errors.values() for words in field)
    assert form["label"].value() == 'Milk "price" 🥛 <b>'
    assert {name: at[0][name].value() for name in PRICE} == PRICE | wrong
    assert "<script>alert" not in answer.content.decode()
    assert not CustomKind.objects.exists()


@pytest.mark.parametrize(("count", "is_made"), [(30, True), (31, False)])
def test_there_are_at_most_thirty_variables(chitra, count, is_made):
    answer = chitra.post(f"{LIST}add/", body(*(PRICE | {"name": f"n{n}"} for n in range(count))))

    assert CustomKind.objects.exists() == is_made
    assert is_made or "at most 30 variables" in html(answer)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("test_news", "exists, in code"),
        ("milk_price", "There is a kind with this name"),
        ("Milk price", "Use a–z, 0–9 and _"),
        ("a\0b", "Null characters"),
    ],
)
def test_a_name_that_is_taken_is_refused(chitra, texts, milk_price, code, why):
    answer = chitra.post(f"{LIST}add/", body(PRICE, code=code))

    assert why in html(answer)
    assert CustomKind.objects.count() == 1
    assert NEWS.code == "test_news"


def test_a_post_without_its_rows_is_told_so(chitra):
    fields = {name: value for name, value in body(PRICE).items() if not name.startswith("variables")}

    assert chitra.post(f"{LIST}add/", fields).status_code == 200
    assert not CustomKind.objects.exists()


# --- its page


def test_the_page_says_that_it_cannot_be_sent_without_an_english_text(chitra, milk_price):
    shown = html(chitra.get(page(milk_price)))

    assert "cannot be sent yet: it has no English text" in shown
    assert "/admin/notifications/messagetemplate/add/?kind=milk_price&amp;language=hi" in shown


def test_the_page_lists_every_language(chitra, milk_price):
    english, hindi = texts("en", "hi")
    hindi.active = False
    hindi.save()
    lines = chitra.get(page(milk_price)).context["languages"]

    assert [(line.language, line.text) for line in lines[:3]] == [
        ("English", english),
        ("Hindi", hindi),
        ("Kannada", None),
    ]
    assert len(lines) == 11
    assert chitra.get(page(milk_price)).context["standing"] == (
        "It is sent, but not to who reads Hindi: that text is switched off."
    )


@pytest.mark.parametrize(
    ("languages", "off", "words"),
    [
        (["en"], [], "It can be sent: it has a text in English."),
        (["en", "hi", "te"], [], "It can be sent: it has a text in English and 2 other languages."),
        (["hi"], [], "This kind cannot be sent yet"),
        (["en", "hi"], ["en"], "Its English text is switched off"),
    ],
)
def test_the_page_says_how_it_stands(chitra, milk_price, languages, off, words):
    texts(*languages)
    MessageTemplate.objects.filter(language__in=off).update(active=False)

    assert chitra.get(page(milk_price)).context["standing"].startswith(words)


def test_the_command_sends_what_the_page_shows(chitra, milk_price):
    milk_price.variables = [PRICE | {"kind": "text", "sample": 'it\'s ₹66 "only" $(date) 🥛'}]
    milk_price.save()
    words = shlex.split(chitra.get(page(milk_price)).context["curl"].replace("\\\n", ""))

    assert words[1] == "http://testserver/api/notifications/send-message"
    assert json.loads(words[-1]) == {
        "phone": "98765 43210",
        "message_type": "milk_price",
        "context": {"price": 'it\'s ₹66 "only" $(date) 🥛'},
        "reference_id": "milk_price_1",
    }


def test_the_list_says_which_can_be_sent_in_one_query(chitra, milk_price):
    for number in range(5):
        CustomKind.objects.create(
            code=f"k{number}", label="K", category="marketing", preference="promotional"
        )
    texts("en", "hi")
    with CaptureQueriesContext(connection) as asked:
        shown = html(chitra.get(LIST))

    assert "English, Hindi" in shown
    assert shown.count("No English text") == 5
    assert sum('FROM "notifications_messagetemplate"' in query["sql"] for query in asked) == 1


def test_a_sample_reads_as_the_page_says(chitra):
    asked = {"kind": "money", "sample": "123456.5"}
    assert chitra.get(f"{LIST}reads", asked).json() == {"reads": "1,23,456.50", "why": ""}
    assert "in digits" in chitra.get(f"{LIST}reads", asked | {"sample": "many"}).json()["why"]
    assert chitra.get(f"{LIST}reads", {"kind": "x", "sample": "1"}).json() == {"reads": "", "why": ""}


# --- a change


def test_a_variable_is_added(chitra, milk_price):
    texts("en")
    new = {"name": "shop", "kind": "text", "sample": "Indiranagar", "meaning": "Where"}
    chitra.post(page(milk_price), body(PRICE, DAY, new, initial=2))

    milk_price.refresh_from_db()
    assert milk_price.variables == [PRICE, DAY, new]
    assert "variables" in LogEntry.objects.get().change_message


@pytest.mark.parametrize("wrong", [{"DELETE": "on"}, {"name": "cost", "was": "price"}])
def test_a_variable_that_texts_use_is_neither_removed_nor_renamed(chitra, milk_price, wrong):
    texts("en", "hi")
    answer = chitra.post(page(milk_price), body(PRICE | wrong, DAY, initial=2))

    shown = html(answer)
    assert "The Hindi text uses {{price}}. Take it out of that text first." in shown
    assert "The English text uses {{price}}." in shown
    assert answer.context["adminform"].form.rows.forms[0].errors["name"]
    milk_price.refresh_from_db()
    assert milk_price.variables == [PRICE, DAY]


def test_a_variable_that_no_text_uses_is_removed(chitra, milk_price):
    texts("en", content="₹{{price}} a litre")
    chitra.post(page(milk_price), body(PRICE, DAY | {"DELETE": "on"}, initial=2))

    milk_price.refresh_from_db()
    assert milk_price.variables == [PRICE]


def test_a_type_is_changed_only_by_who_saw_how_the_texts_read_then(chitra, milk_price):
    texts("en")
    milk_price.variables = [PRICE | {"sample": "1234.00"}, DAY]
    milk_price.save()
    asked = body(PRICE | {"kind": "text", "sample": "1234.00"}, DAY, initial=2)

    answer = chitra.post(page(milk_price), asked)
    assert "reads “1,234” now, it would read “1234.00”" in html(answer)
    assert "may_read_differently" in html(answer)

    chitra.post(page(milk_price), asked | {"may_read_differently": "on"})
    milk_price.refresh_from_db()
    assert milk_price.variables[0]["kind"] == "text"


def test_a_sample_with_which_a_text_would_be_too_long_is_refused(chitra, milk_price):
    texts("en", content="{{price}}" * 6 + "{{from_date}}")
    long = PRICE | {"kind": "text", "sample": "a" * 200}
    answer = chitra.post(page(milk_price), body(long, DAY, initial=2, may_read_differently="on"))

    assert "The English text could not be written any more" in html(answer)


def test_the_second_of_two_staff_is_told_what_the_first_did_and_loses_nothing(chitra, milk_price):
    seen = chitra.get(page(milk_price)).context["adminform"].form["seen"].value()
    CustomKind.objects.update(label="Price of milk", variables=[PRICE])

    mine = body(PRICE, DAY | {"meaning": "First day"}, initial=2, label="Milk, mine")
    answer = chitra.post(page(milk_price), mine | {"seen": seen})
    assert "It is now: “Price of milk”, utility, switch Orders, with price (Money)" in html(answer)
    again = answer.context["adminform"].form["seen"].value()
    assert answer.context["adminform"].form["label"].value() == "Milk, mine"

    chitra.post(page(milk_price), mine | {"seen": again})
    milk_price.refresh_from_db()
    assert (milk_price.label, milk_price.variables[1]["meaning"]) == ("Milk, mine", "First day")


def test_a_kind_is_locked_while_it_is_saved(chitra, milk_price):
    with CaptureQueriesContext(connection) as asked:
        chitra.post(page(milk_price), body(PRICE, DAY, initial=2))

    assert any("notifications_customkind" in q["sql"] and "FOR NO KEY UPDATE" in q["sql"] for q in asked)


def test_what_a_change_of_category_does_is_said(chitra, milk_price):
    answer = chitra.post(page(milk_price), body(PRICE, DAY, initial=2, category="marketing"), follow=True)

    assert "What waits to be sent goes by the new category too, and so does what it costs." in told(answer)


def test_its_name_for_programs_stays(chitra, milk_price):
    chitra.post(page(milk_price), body(PRICE, DAY, initial=2, code="other"))

    milk_price.refresh_from_db()
    assert milk_price.code == "milk_price"


# --- who may


@pytest.fixture
def looker(db):
    user = User.objects.create_user("looker", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_customkind"))
    return at_desk(user)


def test_who_may_only_look_sees_the_variables_and_changes_nothing(looker, milk_price):
    shown = html(looker.get(page(milk_price)))
    assert "<code>from_date</code>" in shown
    assert 'name="variables-0-name"' not in shown
    assert "messagetemplate/add" not in shown

    assert looker.post(page(milk_price), body(PRICE, initial=1)).status_code == 403
    assert looker.get(f"{LIST}add/").status_code == 403


def test_nobody_without_the_right_is_told_how_a_sample_reads(dev):
    assert dev.get(f"{LIST}reads?kind=money&sample=1").status_code == 403

"""`/api/notifications/templates`: the texts, which staff own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection

from notifications import outbox, registry
from notifications.models import CustomKind, MessageTemplate, TemplateVersion
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, NEWS

pytestmark = pytest.mark.django_db

URL = "/api/notifications/templates"
ONE = f"{URL}/test_news"
MILK = {
    "type": "milk_price",
    "content": "From {{from_date}} a litre is ₹{{price}}, dear customer.",
    "category": "utility",
    "variables": [
        {"name": "from_date", "kind": "date", "sample": "2026-12-01"},
        {"name": "price", "kind": "money", "sample": "66"},
    ],
}


@pytest.fixture
def chitra(chitra):
    wanted = Permission.objects.filter(codename__endswith="_messagetemplate")
    chitra.user.user_permissions.add(*wanted)
    return chitra


def put(client, body, url=ONE, **headers):
    return client.put(url, body, format="json", headers=headers)


def post(client, body, **headers):
    return client.post(URL, body, format="json", headers=headers)


def versions(kind="test_news", language="en"):
    found = TemplateVersion.objects.filter(template__kind=kind, template__language=language)
    return dict(found.values_list("number", "content"))


# --- Reading


def test_a_text_reads_as_the_mission_says(asha, texts):
    answer = asha.get(ONE)

    said = answer.json()
    assert answer.status_code == 200
    assert said.pop("updated_at").endswith("+05:30")
    assert said == {
        "type": "test_news",
        "language": "en",
        "content": "Hello {{name}}",
        "active": True,
        "category": "utility",
        "variables": [{"name": "name", "kind": "text", "sample": "Asha"}],
        "version": 1,
        "updated_by": None,
        "warnings": [
            {
                "line": 1,
                "column": 7,
                "message": "The text ends with a variable.",
                "remedy": "Put a word or a full stop and a word after it.",
            }
        ],
    }


def test_the_language_can_be_named(asha, texts):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")

    assert asha.get(ONE, {"language": "hi"}).json()["content"] == "नमस्ते {{name}}"
    assert asha.get(ONE).json()["language"] == "en"


def test_a_language_without_a_text_says_which_there_are(asha, texts):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")

    answer = asha.get(ONE, {"language": "te"})

    assert answer.status_code == 404
    assert "There are: en, hi." in errors(answer)[None]


@pytest.mark.parametrize("kind", ["test_newz", "nothing", "A B", "%00", "%ED%A0%80", "x" * 500])
def test_an_unknown_kind_is_404_and_says_so(asha, texts, kind):
    answer = asha.get(f"{URL}/{kind}")

    assert answer.status_code == 404
    assert "no such kind" in errors(answer)[None]


def test_an_unknown_language_is_400(asha, chitra, texts):
    assert set(errors(asha.get(ONE, {"language": "xx"}))) == {"language"}
    assert put(chitra, {"active": False}, f"{ONE}?language=xx").status_code == 400


def test_the_list_has_every_text_by_type(asha, texts):
    MessageTemplate.objects.create(kind="test_alarm", language="hi", content="देर")

    said = asha.get(URL).json()

    assert (said["next"], said["previous"]) == (None, None)
    found = [(row["type"], row["language"]) for row in said["results"]]
    assert [kind for kind, _ in found] == sorted(kind for kind, _ in found)
    assert ("test_alarm", "hi") in found
    assert len(found) == MessageTemplate.objects.count()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"type": "test_alarm"}, {("test_alarm", "en"), ("test_alarm", "hi")}),
        ({"type": "test_alarm", "language": "hi"}, {("test_alarm", "hi")}),
        ({"type": "test_alarm", "active": "false"}, {("test_alarm", "hi")}),
        ({"type": "test_alarm", "active": "true"}, {("test_alarm", "en")}),
        ({"type": ""}, None),
    ],
)
def test_the_list_can_be_filtered(asha, texts, asked, found):
    MessageTemplate.objects.create(kind="test_alarm", language="hi", content="देर", active=False)

    rows = asha.get(URL, asked).json()["results"]

    assert found is None or {(row["type"], row["language"]) for row in rows} == found


@pytest.mark.parametrize(
    "asked", [{"type": "nothing"}, {"language": "xx"}, {"active": "perhaps"}, {"limit": 101}, {"cursor": "x"}]
)
def test_a_filter_that_means_nothing_is_named(asha, texts, asked):
    assert set(errors(asha.get(URL, asked))) == set(asked)


def test_the_list_turns_pages(asha, texts):
    total, url, found = MessageTemplate.objects.count(), f"{URL}?limit=2", []
    while url:
        page = asha.get(url).json()
        found += [(row["type"], row["language"]) for row in page["results"]]
        url = page["next"]

    assert len(found) == len(set(found)) == total


# --- Changing


def test_new_words_are_the_next_version_and_the_old_ones_are_kept(chitra, texts):
    answer = put(chitra, {"content": "Good day {{name}}, dear customer"})

    said = answer.json()
    assert answer.status_code == 200
    assert (said["version"], said["updated_by"], said["warnings"]) == (2, "chitra", [])
    assert versions()[2] == said["content"]
    assert outbox.queue("test_news", to=ASHA, variables={"name": "A"}).text == "Good day A, dear customer"


def test_a_text_can_be_switched_off_alone(chitra, texts):
    said = put(chitra, {"active": False}).json()

    assert (said["active"], said["version"], said["content"]) == (False, 1, "Hello {{name}}")
    assert outbox.queue("test_news", to=ASHA, variables={"name": "A"}).error_code == "template_off"


def test_the_same_text_again_is_no_new_version_and_no_change(chitra, texts):
    first = put(chitra, {"content": "Hi {{name}}"}).json()

    assert put(chitra, {"content": "Hi {{name}}", "active": True}).json() == first
    assert LogEntry.objects.count() == 1


def test_another_language_is_changed_by_its_name(chitra, texts):
    MessageTemplate.objects.create(kind="test_news", language="hi", content="नमस्ते {{name}}")

    put(chitra, {"content": "{{name}} जी"}, f"{ONE}?language=hi")

    assert MessageTemplate.objects.get(kind="test_news", language="hi").content == "{{name}} जी"
    assert MessageTemplate.objects.get(kind="test_news", language="en").content == "Hello {{name}}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Hello\n{{nam}}", "Line 2: there is no variable `nam`; did you mean `name`?"),
        ("Hello {{name", "Line 1"),
        ("{% for x in y %}{% endfor %}", "loops are not allowed"),
        ("x" * 1025, "WhatsApp takes 1,024"),
        (" ", "the text is empty"),
        ("", "blank"),
        ("x" * 4097, "4096"),
        ("a\0", "Null characters"),
        ("a\u202e", "U+202E"),
        (None, "null"),
        ([1], "string"),
    ],
)
def test_a_broken_text_is_refused_with_the_line_and_why(chitra, texts, content, why):
    answer = put(chitra, {"content": content})

    assert answer.status_code == 400
    assert set(errors(answer)) == {"content"}
    assert why in errors(answer)["content"]
    assert asha_reads() == "Hello {{name}}"


def asha_reads():
    return MessageTemplate.objects.get(kind="test_news", language="en").content


def test_a_text_that_broke_since_can_be_switched_off_and_not_on(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").update(content="{{gone}}")

    assert put(chitra, {"active": False}).status_code == 200
    assert put(chitra, {"active": True}).status_code == 400


@pytest.mark.parametrize("body", [{}, {"enable": False}, [], 5])
def test_a_body_that_changes_nothing_is_refused(chitra, texts, body):
    assert put(chitra, body).status_code == 400


def test_what_is_not_there_cannot_be_changed(chitra, texts):
    assert put(chitra, {"active": False}, f"{ONE}?language=te").status_code == 404


def test_a_change_stands_in_the_admins_history(chitra, texts):
    put(chitra, {"content": "Hi {{name}}", "active": False})

    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (chitra.user, "Changed active and content by API.")


@pytest.mark.django_db(transaction=True)
def test_changes_at_once_keep_every_version(chitra, texts):
    contents = [f"Hello {{{{name}}}}, {n}" for n in range(8)]

    def change(content):
        try:
            return put(chitra, {"content": content}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(change, contents)) == {200}

    kept = versions()
    assert sorted(kept) == list(range(1 if 1 in kept else 2, 10))
    assert {kept[number] for number in range(2, 10)} == set(contents)
    assert MessageTemplate.objects.get(kind="test_news").version == 9


# --- Adding


def test_a_kind_gets_a_text_in_another_language(chitra, texts):
    answer = post(chitra, {"type": "test_news", "language": "hi", "content": "नमस्ते {{name}} जी"})

    said = answer.json()
    assert answer.status_code == 201
    assert (said["type"], said["language"], said["version"], said["updated_by"]) == (
        "test_news",
        "hi",
        1,
        "chitra",
    )
    assert versions(language="hi") == {1: "नमस्ते {{name}} जी"}
    assert outbox.queue("test_news", to=ASHA, variables={"name": "A"}, language="hi").text == "नमस्ते A जी"


def test_staff_make_a_kind_of_their_own(chitra, texts, memory_provider):
    answer = post(chitra, MILK)

    said = answer.json()
    assert answer.status_code == 201
    assert said["variables"] == MILK["variables"]
    assert (said["category"], said["active"]) == ("utility", True)
    sent = chitra.post(
        "/api/notifications/send-message",
        {"phone": ASHA, "message_type": "milk_price", "context": {"from_date": "2026-12-01", "price": 1234}},
        format="json",
    ).json()
    assert (sent["status"], sent["message_text"]) == (
        "sent", "From December 1 a litre is ₹1,234, dear customer.",
    )  # fmt: skip


def test_a_new_kind_has_a_label_a_switch_and_a_maker(chitra, texts):
    post(chitra, MILK)
    post(chitra, MILK | {"type": "fair", "category": "marketing"})
    post(chitra, MILK | {"type": "bill_news", "label": "News of bills", "preference": "payment"})

    made = CustomKind.objects.values_list("code", "label", "category", "preference", "created_by__username")
    assert sorted(made) == [
        ("bill_news", "News of bills", "utility", "payment", "chitra"),
        ("fair", "Fair", "marketing", "promotional", "chitra"),
        ("milk_price", "Milk price", "utility", "order", "chitra"),
    ]


@pytest.mark.parametrize(
    ("body", "field", "why"),
    [
        (MILK | {"type": "Milk price"}, "type", "a letter first"),
        (MILK | {"type": "m"}, "type", "a letter first"),
        (MILK | {"category": "news"}, "category", "Use one of"),
        (MILK | {"preference": "x"}, "preference", "Use one of"),
        (MILK | {"language": "xx"}, "language", "Use one of"),
        (MILK | {"variables": MILK["variables"][:1]}, "content", "no variable `price`"),
        (MILK | {"variables": [{"name": "x", "kind": "colour", "sample": "1"}]}, "variables.0.kind", "Use one of"),
        (MILK | {"variables": [{"name": "a b", "kind": "text", "sample": "1"}]}, "variables.0.name", "match"),
        (MILK | {"variables": [{"name": "self", "kind": "text", "sample": "1"}]}, "variables", "not a variable"),
        (MILK | {"variables": [{"name": "x", "kind": "text"}]}, "variables.0.sample", "required"),
        (MILK | {"variables": MILK["variables"] * 2}, "variables", "twice"),
        (MILK | {"variables": [{"name": "x", "kind": "money", "sample": "NaN"}]}, "variables", "sample"),
        (MILK | {"variables": [{"name": "x", "kind": "text", "sample": "a\u202e"}]}, "variables", "text"),
        (MILK | {"variables": {}}, "variables", "list"),
        ({**MILK, "category": None}, "category", "null"),
        ({name: MILK[name] for name in ("type", "content")}, "type", "give its `category`"),
        ({name: MILK[name] for name in ("type", "category")}, "content", "required"),
        ({"type": "test_news", "language": "hi", "content": "{{nam}}"}, "content", "did you mean `name`"),
        ({"type": "test_news", "language": "hi", "content": "x", "category": "utility"}, "category", "Leave it out"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_field_and_leaves_nothing(chitra, texts, body, field, why):
    before = MessageTemplate.objects.count()

    answer = post(chitra, body)

    assert answer.status_code == 400
    assert why in errors(answer)[field]
    assert MessageTemplate.objects.count() == before
    assert not CustomKind.objects.exists()
    assert registry.get("milk_price") is None


def test_a_text_that_is_there_is_not_overwritten(chitra, texts):
    answer = post(chitra, {"type": "test_news", "content": "Other words"})

    assert answer.status_code == 409
    assert f"PUT {ONE}?language=en" in errors(answer)[None]
    assert asha_reads() == NEWS.texts["en"]


def test_the_same_request_again_adds_once(chitra, texts):
    first, second = (post(chitra, MILK, **{"Idempotency-Key": "milk-1"}) for _ in range(2))
    third = post(chitra, MILK)

    assert (first.status_code, second.status_code, third.status_code) == (201, 201, 409)
    assert second.json() == first.json()
    assert CustomKind.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_kind_made_twice_at_once_is_made_once(chitra, texts):
    def make(_):
        try:
            return post(chitra, MILK).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(make, range(4)))

    assert answers == [201, 409, 409, 409]
    assert CustomKind.objects.count() == 1
    assert versions("milk_price") == {1: MILK["content"]}


def test_what_is_added_stands_in_the_admins_history(chitra, texts):
    post(chitra, MILK)

    assert [str(entry.content_type.model) for entry in LogEntry.objects.order_by("pk")] == [
        "customkind", "messagetemplate",
    ]  # fmt: skip


# --- Who


def test_anyone_signed_in_reads_and_only_staff_with_the_permission_write(anybody, asha, dev, texts):
    assert [client.get(URL).status_code for client in (anybody, asha, dev)] == [401, 200, 200]
    assert [client.get(ONE).status_code for client in (anybody, asha, dev)] == [401, 200, 200]
    assert [put(client, {"active": False}).status_code for client in (anybody, asha, dev)] == [401, 403, 403]
    assert [post(client, MILK).status_code for client in (anybody, asha, dev)] == [401, 403, 403]


@pytest.mark.parametrize(("permission", "changes", "adds"), [("change", 200, 403), ("add", 403, 201)])
def test_changing_and_adding_are_two_permissions(dev, texts, permission, changes, adds):
    dev.user.user_permissions.add(Permission.objects.get(codename=f"{permission}_messagetemplate"))

    assert (put(dev, {"active": False}).status_code, post(dev, MILK).status_code) == (changes, adds)

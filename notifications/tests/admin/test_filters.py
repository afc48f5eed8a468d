"""What the log is filtered and searched by, and that no question reads it from end to end."""

import re
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice import keyset
from notifications import outbox, registry
from notifications.models import Held, Message, QueuedMessage, Status
from notifications.tests.admin.conftest import told
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/message/"
IST = ZoneInfo("Asia/Kolkata")


def ended(**fields) -> Message:
    fields = {"phone": ASHA, "kind": "test_news", "text": "Hello Asha", "status": "failed"} | fields
    return Message.objects.create(expires_at=timezone.now() + timedelta(days=1), **fields)


def shown(client, **query) -> list[int]:
    return [message.pk for message in client.get(LIST, query).context["cl"].result_list]


@pytest.mark.parametrize(
    ("group", "inside"),
    [
        ("unsent", {"failed", "expired", "suppressed", "cancelled"}),
        ("waiting", {"queued", "sending", "retrying", "uncertain"}),
        ("received", {"sent", "delivered", "read"}),
    ],
)
def test_statuses_are_looked_for_in_groups(chitra, group, inside):
    every = [ended(status=status, sent_at=timezone.now()) for status in Status]

    assert set(shown(chitra, status=group)) == {message.pk for message in every if message.status in inside}


@pytest.mark.parametrize(
    ("why", "code"), [("wish", "opted_out"), ("told", "covered"), ("number", "131026"), ("131047", "131047")]
)
def test_what_was_not_sent_is_found_by_why(chitra, why, code):
    wanted, _ = ended(error_code=code, status="suppressed"), ended(error_code="expired", status="expired")

    assert shown(chitra, why=why) == [wanted.pk]


@pytest.mark.parametrize(
    ("why", "row"),
    [
        ("waits-quiet_hours", {"waits_for": "quiet_hours"}),
        ("held-uncertain", {"held_for": Held.UNCERTAIN, "waits_for": "receipt"}),
    ],
)
def test_what_waits_is_found_by_what_it_waits_for(chitra, texts, why, row):
    wanted, _ = (outbox.queue("test_news", to=to, variables={"name": "A"}) for to in (ASHA, BILAL))
    QueuedMessage.objects.filter(pk=wanted.pk).update(**row)

    assert shown(chitra, why=why) == [wanted.pk]
    assert shown(chitra, why=why, status="waiting") == [wanted.pk]


def test_what_waits_says_until_when_and_for_what(chitra, texts):
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    QueuedMessage.objects.update(waits_for="quiet_hours", due_at=timezone.now() + timedelta(days=40))

    [message] = chitra.get(LIST, {"status": "waiting"}).context["cl"].result_list

    assert re.fullmatch(r"Waits until \d+ .+, for decent hours\.", message.wait)


def test_what_waits_for_its_turn_alone_shows_its_text(chitra, texts):
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    assert "Hello" in chitra.get(LIST, {"status": "waiting"}).content.decode()


def test_what_is_on_hold_says_so_in_the_list(chitra, texts):
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    QueuedMessage.objects.update(held_for=Held.POISON)

    assert f"On hold: {Held.POISON.label}." in chitra.get(LIST).content.decode()


def test_tests_are_found_and_left_out(chitra):
    test, real = ended(is_test=True), ended()

    assert shown(chitra, tests="only") == [test.pk]
    assert shown(chitra, tests="none") == [real.pk]
    assert shown(chitra, tests="x") == [real.pk, test.pk]


def test_filters_are_combined(chitra):
    wanted = ended(kind="test_offer", error_code="131026", language="hi")
    ended(kind="test_offer", error_code="131047", language="hi")
    ended(kind="test_news", error_code="131026", language="hi")
    ended(kind="test_offer", error_code="131026", language="en")

    assert shown(chitra, kind="test_offer", why="131026", language="hi", status="unsent") == [wanted.pk]
    assert shown(chitra, q=ASHA, kind="test_offer", why="131026", language="hi") == [wanted.pk]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=IST)


@pytest.mark.parametrize(("day", "back"), [("today", [0]), ("yesterday", [1]), ("week", range(7))])
def test_days_are_india_s(chitra, day, back):
    today = timezone.localdate()
    days = [today - timedelta(days=number) for number in range(9)]
    ids = [{ended(created_at=at(one, 0, 1)).pk, ended(created_at=at(one, 23, 59)).pk} for one in days]

    assert set(shown(chitra, day=day)) == set().union(*(ids[number] for number in back))


def test_days_are_chosen_from_until(chitra):
    days = [date(2026, 11, number) for number in (1, 2, 3, 4)]
    ids = [ended(created_at=at(day, 12)).pk for day in days]

    assert shown(chitra, **{"from": "2026-11-02", "until": "2026-11-03"}) == [ids[2], ids[1]]
    assert shown(chitra, **{"from": "2026-11-03"}) == [ids[3], ids[2]]
    assert shown(chitra, until="2026-11-01") == [ids[0]]


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-45", "0001-01-01", "9999-12-31", "२०२६-११-२६"])
def test_what_is_no_day_is_told(chitra, typed):
    ended()

    answer = chitra.get(LIST, {"from": typed})

    assert told(answer) == [f"“{typed}” is no day. Write it as 2026-11-26."]
    assert len(answer.context["cl"].result_list) == 1


@pytest.mark.parametrize(
    "query", [{"status": "x"}, {"why": "x"}, {"why": "waits-"}, {"kind": "a\x00b"}, {"day": "x"}]
)
def test_a_strange_filter_breaks_nothing(chitra, query):
    ended()

    assert chitra.get(LIST, query).status_code in (200, 302)


def test_a_status_that_an_address_names_many_times_is_looked_for_once(chitra):
    row = ended()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert shown(chitra, status=",".join(["failed", "nonsense"] * 300)) == [row.pk]

    assert max(query["sql"].count("'failed'") for query in asked) < 5


def test_a_filter_by_address_that_is_no_choice_stays_chosen(chitra):
    wanted = ended(error_code="REFUSED_77")

    answer = chitra.get(LIST, {"why": "REFUSED_77"})

    assert [m.pk for m in answer.context["cl"].result_list] == [wanted.pk]
    assert '<option value="REFUSED_77" selected>' in answer.content.decode()


def test_a_search_in_vain_says_how_it_was_read_and_what_can_be_searched(chitra):
    html = re.sub(r"\s+", " ", chitra.get(LIST, {"q": "98765 43210"}).content.decode())

    assert "It was read as a phone number, +919876543210." in html
    assert "a message (msg_42)" in html
    assert all(example in html for example in ("an order&#x27;s number", "a bill&#x27;s number"))
    assert "told of one event once" in html


def test_beyond_the_oldest_message_the_page_says_so(chitra):
    ended()

    page = chitra.get(LIST, {"older": "2001-01-01T00:00:00+00:00_1"}).content.decode()

    assert "There are no older messages" in page
    assert "There are no messages yet" not in page


def test_a_search_with_filters_says_that_these_may_be_why(chitra):
    ended()

    assert "Search without filters" in chitra.get(LIST, {"q": ASHA, "status": "read"}).content.decode()


@pytest.fixture
def found(monkeypatch):
    """What the apps make of a term, in the tests' words."""
    hooks: list = []
    monkeypatch.setattr(registry, "_search_hooks", hooks)
    return lambda hook: registry.searched("a test's term")(hook)


def test_what_the_apps_make_of_a_term_is_shown_and_no_message_twice(chitra, found):
    both, hers, other = ended(reference_id="order_7"), ended(), ended(phone=BILAL, reference_id="order_7")
    ended(phone=BILAL)
    found(lambda term: registry.Found("a test", phones=(ASHA,), references=("order_7",)))

    assert shown(chitra, q="anything") == [other.pk, hers.pk, both.pk]


def test_names_are_asked_for_once_for_a_page(chitra, monkeypatch):
    asked: list = []
    monkeypatch.setattr(registry, "_name_hooks", [lambda phones: asked.append(set(phones)) or {ASHA: "Asha"}])
    ended(), ended(), ended(phone=BILAL)

    html = chitra.get(LIST).content.decode()

    assert asked == [{ASHA, BILAL}]
    assert html.count(f"<span>Asha<small>{ASHA}</small></span>") == 2


def test_numbers_are_masked_for_who_may_not_see_them(dev):
    message = ended()

    assert ASHA not in dev.get(LIST).content.decode()
    assert "+91••••••3210" in dev.get(LIST).content.decode()
    assert ASHA not in dev.get(f"{LIST}{message.pk}/change/").content.decode()


@pytest.fixture
def many(texts):
    """20,000 messages of 60 days: of test_news, read, but for a few; 3 of test_offer are the oldest of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
                error_code, error, created_at, sent_at, expires_at)
            SELECT '+9198765' || lpad((n %% 500)::text, 5, '0'),
                CASE WHEN n > 19997 THEN 'test_offer' ELSE 'test_news' END, 'en', repeat('x', 60), '{}',
                'order_' || n, CASE WHEN n > 19997 OR n %% 400 = 7 THEN 'failed' ELSE 'read' END, 1,
                CASE WHEN n > 19997 THEN '131026' WHEN n %% 400 = 7 THEN '131047' ELSE '' END, '',
                %(now)s - n * interval '4 minutes', %(now)s, %(now)s
            FROM generate_series(1, 20000) AS n""",
            {"now": timezone.now()},
        )
        cursor.execute("ANALYZE notifications_message")


CHOSEN = {
    "status": ["unsent", "waiting", "received", "failed", "cancelled", "queued", "read"],
    "why": ["131026", "131021", "refused", "wish", "waits-quiet_hours", "held-uncertain"],
    "kind": ["test_news", "test_offer", "none"],
    "day": ["today", "month"],
    "language": ["en", "ur"],
    "tests": ["only", "none"],
    "q": ["+919876500001", "order_77", "nobody"],
}
ALONE = [{name: value} for name, values in CHOSEN.items() for value in values]
PAIRS = [
    {one: value, two: other}
    for one, two in combinations(CHOSEN, 2)
    for value in CHOSEN[one]
    for other in CHOSEN[two]
]
DEEP = {"older": f"{(timezone.now() - timedelta(days=30)).isoformat()}_0"}


def plans(client, query) -> list[dict]:
    """The plans of everything that a page asks of the log."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST, query).status_code == 200
    asked = [q["sql"] for q in queries if '"notifications_message"' in q["sql"]]
    found = []
    for sql in asked:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
            found.append(cursor.fetchone()[0][0]["Plan"])
    return found


def rows_read(plan: dict) -> int:
    """The rows that the scans of a plan touched, those they threw away included."""
    mine = 0
    if "Scan" in plan["Node Type"] and "Subquery" not in plan["Node Type"]:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        mine = int((plan["Actual Rows"] + thrown) * plan["Actual Loops"])
    return mine + sum(rows_read(inner) for inner in plan.get("Plans", ()))


def scanned_whole(plan: dict) -> bool:
    mine = plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "notifications_message"
    return mine or any(map(scanned_whole, plan.get("Plans", ())))


@pytest.mark.parametrize("deep", [{}, DEEP], ids=["first", "deep"])
def test_no_question_reads_the_log_from_end_to_end(many, chitra, deep, monkeypatch):
    """All filters alone and in pairs, what there is much of, little of and none of, what is old and what is new."""
    monkeypatch.setattr(keyset, "LOOKED", 500)
    chitra.get(LIST)
    for query in [{}, *ALONE, *PAIRS]:
        for plan in plans(chitra, query | deep):
            assert not scanned_whole(plan), query
            assert rows_read(plan) <= 500 * 2 * 4 + 500, query


def has_an_index(query: dict) -> bool:
    """The others are looked for some rows at a time."""
    is_wait = query.get("why", "").startswith(("waits", "held"))
    return not ("language" in query or query.get("tests") == "none" or is_wait)


@pytest.mark.parametrize("query", [one for one in ALONE if has_an_index(one)], ids=str)
def test_a_single_filter_with_an_index_reads_no_more_than_it_shows(many, chitra, query):
    for plan in plans(chitra, query):
        assert rows_read(plan) <= 26 * 2 * 30, query

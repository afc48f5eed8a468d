"""Pages of the log: every message once, in both directions, and from an index."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import registry
from notifications.api.history import NEWEST, parts_of
from notifications.models import Message
from notifications.tests.api.conftest import errors
from notifications.tests.conftest import ASHA, BILAL
from rest.pages import Cursor, page

pytestmark = pytest.mark.django_db

URL = "/api/notifications/history"
START = datetime(2026, 11, 20, 6, tzinfo=UTC)


def tell(count: int, phone=ASHA, per_moment: int = 1) -> list[Message]:
    return Message.objects.bulk_create(
        Message(
            phone=phone,
            kind="test_news",
            created_at=START + timedelta(seconds=index // per_moment),
            expires_at=START + timedelta(days=1),
        )
        for index in range(count)
    )


def walk(client, first: str, way: str) -> list[list[str]]:
    found, link = [], first
    while link:
        said = client.get(link).json()
        found.append([message["id"] for message in said["results"]])
        link = said[way]
    return found


def flat(pages) -> list[str]:
    return list(chain.from_iterable(pages))


def newest_first(messages) -> list[str]:
    return [m.public_id for m in sorted(messages, key=lambda m: (m.created_at, m.pk), reverse=True)]


@pytest.mark.parametrize("per_moment", [1, 3, 25])
def test_following_next_shows_every_message_once(chitra, per_moment):
    messages = tell(25, per_moment=per_moment)

    pages = walk(chitra, f"{URL}?limit=4", "next")

    assert [len(shown) for shown in pages] == [4] * 6 + [1]
    assert flat(pages) == newest_first(messages)


def test_following_previous_leads_back_to_the_newest(chitra):
    messages = tell(25, per_moment=3)
    link = f"{URL}?limit=4"
    while (following := chitra.get(link).json()["next"]) is not None:
        link = following

    pages = walk(chitra, link, "previous")

    assert flat(reversed(pages)) == newest_first(messages)
    assert walk(chitra, f"{URL}?limit=4", "previous") == [newest_first(messages)[:4]]


def test_a_last_page_that_is_full_has_no_next(chitra):
    tell(4)

    assert chitra.get(f"{URL}?limit=4").json()["next"] is None


def test_what_comes_while_one_pages_shifts_nothing(chitra):
    messages = tell(8)
    first = chitra.get(f"{URL}?limit=4").json()
    Message.objects.filter(pk__in=[m.pk for m in tell(3, BILAL)]).update(created_at=START + timedelta(days=1))

    second = chitra.get(first["next"]).json()

    assert [m["id"] for m in second["results"]] == newest_first(messages)[4:]


def test_links_keep_the_filters_and_name_our_host(chitra):
    tell(5)

    link = chitra.get(f"{URL}?limit=2&status=queued&skip=1").json()["next"]

    assert link.startswith("http://testserver/api/notifications/history?")
    assert "status=queued" in link
    assert "limit=2" in link
    assert "skip" not in link


def test_skip_leaves_out_the_newest_and_leads_back_to_them(chitra):
    messages = tell(6)

    said = chitra.get(f"{URL}?limit=2&skip=3").json()

    assert [m["id"] for m in said["results"]] == newest_first(messages)[3:5]
    assert walk(chitra, said["previous"], "previous")[0] == newest_first(messages)[1:3]


def test_skipping_too_far_points_to_the_cursor(chitra):
    assert "`next`" in errors(chitra.get(f"{URL}?skip=10001"))["skip"]


def test_skip_and_cursor_exclude_each_other(chitra):
    tell(3)
    link = chitra.get(f"{URL}?limit=1").json()["next"]

    assert set(errors(chitra.get(f"{link}&skip=1"))) == {"skip"}


def test_the_default_page_holds_fifty(chitra):
    tell(60)

    assert len(chitra.get(URL).json()["results"]) == 50


def test_several_numbers_page_as_one(asha, monkeypatch):
    monkeypatch.setattr(registry, "_phone_hooks", [lambda user: [BILAL]])
    messages = [message for phone in (ASHA, BILAL) for message in tell(11, phone, per_moment=2)]

    assert flat(walk(asha, f"{URL}?limit=5", "next")) == newest_first(messages)
    assert [m["id"] for m in asha.get(f"{URL}?skip=15").json()["results"]] == newest_first(messages)[15:]


def test_nothing_is_counted(chitra):
    tell(3)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        chitra.get(URL)

    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]


def test_a_cursor_is_read_as_it_was_written():
    cursor = Cursor(NEWEST, START + timedelta(microseconds=123456), 42, backwards=True)

    assert Cursor.read(str(cursor), NEWEST, Message) == cursor


@pytest.mark.parametrize(
    "text", ["", "x", "====", "n 2026-11-20T06:00:00 1", str(Cursor(NEWEST, START, 10**19))]
)
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 (base64 has its own words)
        Cursor.read(text, NEWEST, Message)


@pytest.fixture
def many(texts):
    """20,000 messages of 500 people over 60 days; nothing of kind test_offer, few retried, few failed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO notifications_message (phone, kind, language, text, variables, reference_id, status, tries,
                error_code, error, created_at, expires_at)
            SELECT '+9198765' || lpad((n %% 500)::text, 5, '0'), 'test_news', 'en', repeat('x', 60), '{}',
                'order_' || n, CASE WHEN n %% 5000 = 0 THEN 'failed' ELSE 'queued' END,
                CASE WHEN n %% 4000 = 0 THEN 2 ELSE 1 END, '', '', %s - n * interval '4 minutes', %s
            FROM generate_series(1, 20000) AS n""",
            [timezone.now(), timezone.now()],
        )
        cursor.execute("ANALYZE notifications_message")


WANTED = [
    ({}, None),
    ({"days": 30}, None),
    ({"status": "failed"}, None),
    ({"message_type": "test_news"}, None),
    ({"message_type": "test_offer"}, None),
    ({"reference_id": "order_77"}, None),
    ({"retried": True}, None),
    ({"retried": False}, None),
    ({}, {"+919876500001"}),
    ({}, {"+919876500001", "+919876500002", "+919876500003"}),
    ({"status": "failed", "days": 7}, {"+919876500001", "+919876500002"}),
]


@pytest.mark.parametrize(("wanted", "phones"), WANTED, ids=str)
@pytest.mark.parametrize(
    "cursor", [None, Cursor(NEWEST, timezone.now() - timedelta(days=20), 10_000)], ids=["first", "deep"]
)
def test_no_page_reads_more_than_it_shows(many, wanted, phones, cursor):
    with CaptureQueriesContext(connection) as queries:
        page(parts_of(wanted, phones), NEWEST, cursor, 0, 50)

    with connection.cursor() as asked:
        asked.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + queries[0]["sql"])
        plan = asked.fetchone()[0][0]["Plan"]
    assert _rows_read(plan) <= 51 * max(len(phones or ()), 1) * 2
    assert "Seq Scan" not in str(plan)


def _rows_read(plan: dict) -> int:
    """The rows that the scans of a plan touched, those they threw away included."""
    mine = 0
    if "Scan" in plan["Node Type"] and "Subquery" not in plan["Node Type"]:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        mine = int((plan["Actual Rows"] + thrown) * plan["Actual Loops"])
    return mine + sum(_rows_read(inner) for inner in plan.get("Plans", ()))

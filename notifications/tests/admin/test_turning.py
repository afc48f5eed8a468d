"""Turning the log's pages: whatever arrives meanwhile, no message is shown twice and none is passed over."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice import keyset, turning
from backoffice.keyset import Place, Reading, Turn
from notifications.models import Message
from notifications.tests.admin.conftest import told
from notifications.tests.conftest import ASHA

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/message/"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MOST = 3
moments = st.integers(0, 6)  # few, so that many messages share one
arrivals = st.lists(st.tuples(moments, st.booleans()), max_size=3)


def made(minute: int, *, failed: bool = False) -> Message:
    return Message.objects.create(
        phone=ASHA,
        kind="test_news",
        status="failed" if failed else "queued",
        created_at=NOON + timedelta(minutes=minute),
        expires_at=NOON + timedelta(days=1),
    )


def walked(wanted, reading, later, *, backwards=False, place=None) -> list[int]:
    """The ids of all pages to the end; before each next page, what arrives `later` is there."""
    seen: list[int] = []
    for _ in range(200):
        turn = Turn("created_at", place, backwards)
        page = keyset.read(wanted, reading, turn, MOST)
        seen += [row.pk for row in (reversed(page.rows) if backwards else page.rows)]
        if not page.more and page.bound is None:
            return seen
        last = page.rows[0 if backwards else -1] if page.rows else None
        place = page.bound or Place.of(last, "created_at")
        for minute, failed in later.pop() if later else ():
            made(minute, failed=failed)
    raise AssertionError("it never ends")


def in_order(rows) -> list[int]:
    return list(rows.order_by("-created_at", "-id").values_list("pk", flat=True))


@pytest.fixture(autouse=True)
def _small_windows(monkeypatch):
    monkeypatch.setattr(keyset, "LOOKED", 4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begun=st.lists(st.tuples(moments, st.booleans()), max_size=14), later=st.lists(arrivals, max_size=6),
       way=st.sampled_from(["plain", "windows", "parts", "windows of parts"]))  # fmt: skip
def test_whatever_arrives_while_somebody_reads_no_message_is_shown_twice_or_passed_over(begun, later, way):
    with transaction.atomic():
        for minute, failed in begun:
            made(minute, failed=failed)
        wanted, reading = reading_of(way)
        there = in_order(wanted)

        seen = walked(wanted, reading, later)

        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in there] == there
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begun=st.lists(st.tuples(moments, st.booleans()), max_size=14),
       way=st.sampled_from(["plain", "windows", "parts", "windows of parts"]))  # fmt: skip
def test_the_way_back_shows_the_same_messages(begun, way):
    with transaction.atomic():
        for minute, failed in begun:
            made(minute, failed=failed)
        wanted, reading = reading_of(way)
        there = in_order(wanted)

        back = walked(wanted, reading, [], backwards=True, place=Place(NOON - timedelta(days=1), 0))

        assert back == there[::-1]
        transaction.set_rollback(True)


def reading_of(way):
    """All, or the failed ones: read along one index, or along one for each status."""
    rows = Message.objects.all()
    parts = [rows.filter(status=status) for status in ("failed", "queued")]
    return {
        "plain": (rows, Reading([rows], exact=True)),
        "parts": (rows, Reading(parts, exact=True)),
        "windows": (rows.filter(status="failed"), Reading([rows], exact=False)),
        "windows of parts": (rows.filter(created_at__minute__lt=3), Reading(parts, exact=False)),
    }[way]


def follow(client, link):
    return client.get(LIST, {name: values[0] for name, values in parse_qs(link.removeprefix("?")).items()})


def test_older_and_newer_lead_there_and_back(chitra):
    ids = [made(minute).pk for minute in range(60)][::-1]

    first = chitra.get(LIST).context["cl"]
    second = follow(chitra, first.older).context["cl"]
    third = follow(chitra, second.older).context["cl"]
    back = follow(chitra, third.newer).context["cl"]

    assert [m.pk for m in first.result_list] == ids[:25]
    assert [m.pk for m in second.result_list] == ids[25:50] == [m.pk for m in back.result_list]
    assert [m.pk for m in third.result_list] == ids[50:]
    assert first.newer is None
    assert third.older is None


def test_what_came_meanwhile_is_a_page_of_its_own(chitra):
    ids = [made(minute).pk for minute in range(30)][::-1]
    second = follow(chitra, chitra.get(LIST).context["cl"].older).context["cl"]
    fresh = made(40).pk

    first = follow(chitra, second.newer).context["cl"]
    newest = follow(chitra, first.newer).context["cl"]

    assert [m.pk for m in first.result_list] == ids[:25]
    assert [m.pk for m in newest.result_list] == [fresh, *ids[:24]], "a full page, though one alone is newer"
    assert newest.newer is None


def test_a_search_that_stopped_says_how_far_it_looked_and_goes_on(chitra):
    wanted = made(0, failed=True)
    for minute in range(1, 7):
        made(minute)

    answer = chitra.get(LIST, {"language": "en", "status__exact": "failed"})
    further = follow(chitra, answer.context["cl"].older)

    assert "Nothing so far" in answer.content.decode()
    assert "Looked through 4 back to 26 Nov 2026, 17:33" in answer.content.decode()
    assert [m.pk for m in further.context["cl"].result_list] == [wanted.pk]


@pytest.mark.parametrize(
    "place", ["x", "_", "2026-11-26_1", "2026-11-26T12:00:00_1", "1_2_3", "a\x00b_1", "9" * 30]
)
def test_a_place_that_cannot_be_read_is_the_beginning(chitra, place):
    message = made(0)

    answer = chitra.get(LIST, {"older": place})

    assert [m.pk for m in answer.context["cl"].result_list] == [message.pk]
    assert told(answer) == [turning.LOST]


def test_another_filter_begins_at_the_newest(chitra):
    for minute in range(30):
        made(minute)
    cl = follow(chitra, chitra.get(LIST).context["cl"].older).context["cl"]

    assert "older" not in cl.get_query_string({"kind": "test_news"})


def test_no_column_can_be_sorted_by(chitra):
    ids = [made(minute).pk for minute in range(3)][::-1]

    answer = chitra.get(LIST, {"o": "3"})

    assert [m.pk for m in answer.context["cl"].result_list] == ids
    assert "?o=" not in answer.content.decode()


def test_no_total_is_told(chitra):
    for minute in range(30):
        made(minute)

    html = chitra.get(LIST).content.decode()

    assert "30 messages" not in html
    assert "Show all" not in html
    assert "25 messages" in html


@pytest.mark.parametrize("name", ["webhookevent", "inboundmessage", "consentevent", "erasureevent"])
def test_the_other_lists_of_millions_are_turned_too(admin_client, name):
    answer = admin_client.get(f"/admin/notifications/{name}/")

    assert answer.status_code == 200
    assert isinstance(answer.context["cl"], turning.Turning)

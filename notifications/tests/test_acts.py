"""Acts on messages: what is shown is what is done, and what is written can be opened by anybody."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from backoffice import acts as backoffice_acts
from notifications import acts, foreseeing, outbox
from notifications.models import (
    Held,
    Message,
    MessageEvent,
    MessageTemplate,
    NotificationPreference,
    QueuedMessage,
    Status,
)
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

ENDED = {
    "status": st.sampled_from(["failed", "expired", "suppressed", "cancelled", "sent", "read"]),
    "error_code": st.sampled_from(["", "131026", "withdrawn", "template_off", "expired"]),
    "kind": st.sampled_from(["test_news", "test_offer", "test_alarm", "gone_kind"]),
    "phone": st.sampled_from([ASHA, BILAL, "12••34", "+919876500000"]),
    "text": st.sampled_from(["", "Hello"]),
    "variables": st.sampled_from([{}, {"name": "Asha"}]),
    "hours": st.sampled_from([-30, 5]),
    "given_up": st.booleans(),
    "queued": st.just(False),
    "held_for": st.none(),
    "leased": st.just(False),
}
LIVE = ENDED | {
    "status": st.sampled_from(["queued", "retrying", "uncertain", "sending"]),
    "hours": st.just(5),
    "queued": st.just(True),
    "held_for": st.sampled_from([None, *Held]),
    "leased": st.booleans(),
}
MIX = st.lists(st.fixed_dictionaries(ENDED) | st.fixed_dictionaries(LIVE), min_size=1, max_size=12)
WISHES = st.fixed_dictionaries(
    {
        "enabled": st.booleans(),
        "order": st.booleans(),
        "unreachable_at": st.sampled_from([None, timezone.now()]),
    }
)


def stored(wanted) -> int:
    now = timezone.now()
    message = Message.objects.create(
        **{name: wanted[name] for name in ("status", "error_code", "kind", "phone", "text", "variables")},
        created_at=now - timedelta(days=2),
        expires_at=now + timedelta(hours=wanted["hours"]),
        sent_at=now,
        given_up_at=now if wanted["given_up"] else None,
    )
    if wanted["queued"]:
        leased = wanted["leased"] and not wanted["held_for"]
        QueuedMessage.objects.create(
            message=message, priority=1, due_at=now, expires_at=message.expires_at, held_for=wanted["held_for"],
            lease_until=now + timedelta(seconds=30) if leased else None, token=message.pk if leased else None,
        )  # fmt: skip
    return message.pk


def standing(ids):
    """What could be seen of these messages anywhere."""
    return (
        list(Message.objects.filter(pk__in=ids).order_by("pk").values()),
        list(QueuedMessage.objects.order_by("pk").values()),
        list(NotificationPreference.objects.order_by("pk").values()),
        MessageEvent.objects.count(),
    )


@pytest.mark.parametrize("kind", [acts.SEND_AGAIN, acts.CANCEL, acts.GIVE_UP], ids=lambda kind: kind.code)
@hypothesis(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mix=MIX, wishes=WISHES, is_off=st.booleans())
def test_what_is_foreseen_is_what_is_done_and_looking_changes_nothing(texts, kind, mix, wishes, is_off):
    MessageTemplate.objects.filter(kind="test_news").update(active=not is_off)
    NotificationPreference.objects.update_or_create(phone=ASHA, defaults=wishes)
    ids = [stored(wanted) for wanted in mix]
    before = standing(ids)

    foreseen = kind.foresee(ids)
    assert standing(ids) == before
    done = kind.do(ids, "chitra", "")

    assert (done.ids, done.refused) == (foreseen.ids, foreseen.refused)
    assert sorted([*done.ids, *done.refused]) == sorted(ids)
    assert foreseen.sorts.total() == len(done.ids)
    touched = MessageEvent.objects.filter(message_id__in=ids).values_list("message_id", flat=True)
    assert set(touched) == set(done.ids)
    QueuedMessage.objects.all().delete()


def failed(**fields) -> Message:
    fields = {"phone": ASHA, "kind": "test_news", "text": "Hello Asha", "status": "failed"} | fields
    fields.setdefault("expires_at", timezone.now() + timedelta(days=1))
    return Message.objects.create(**fields)


def test_who_asks_is_warned_of_old_news(texts):
    old = failed(expires_at=timezone.now() - timedelta(hours=1))

    assert acts.SEND_AGAIN.foresee([old.pk, failed().pk]).warned == {old.pk: foreseeing.OLD}


def test_who_asks_is_warned_of_an_echo(texts):
    message = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    QueuedMessage.objects.update(held_for=Held.UNCERTAIN)

    assert acts.SEND_AGAIN.foresee([message.pk]).warned == {message.pk: foreseeing.ECHO}


def test_the_price_goes_by_category_and_is_written_the_indian_way(settings):
    settings.NOTIFICATION_PRICE_UTILITY = Decimal("0.13")
    settings.NOTIFICATION_PRICE_MARKETING = Decimal("86.00")

    words = acts.costs({"utility": 100, "marketing": 2000})

    assert words == "It costs ₹1,72,013 if WhatsApp takes them all (2,000 marketing, 100 utility)."


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "a moment"), (800, "about 10 seconds"), (4_800, "about a minute"), (50_000, "about 11 minutes")],
)
def test_how_long_it_takes_goes_by_the_pace_of_our_number(settings, count, words):
    settings.MYOPERATOR_RATE_LIMIT = 80.0

    assert acts.how_long(count) == words


def test_a_message_that_went_meanwhile_is_skipped_and_said(texts):
    chitra = User.objects.create_superuser("chitra")
    first, second = failed(), failed()
    act = backoffice_acts.begin("send_again", [first.pk, second.pk], chitra)
    Message.objects.filter(pk=second.pk).update(status=Status.READ, sent_at=timezone.now())

    backoffice_acts.confirm(act, chitra)

    act.refresh_from_db()
    assert (act.result.count, list(act.result.skipped)) == (1, ["It is read."])


# --- files


def rows(ids, user) -> list[dict[str, str]]:
    whole = "".join(acts.written(ids, user)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(whole, newline="")))


@pytest.fixture
def sees(db):
    return User.objects.create_superuser("chitra")


def test_a_file_begins_so_that_excel_reads_hindi(sees):
    assert next(iter(acts.written([], sees))).startswith('\ufeff"Message"')


def test_a_file_has_the_messages_in_the_order_they_were_chosen(sees):
    first, second = failed(), failed(text="नमस्ते 🪔\nआशा", reference_id="order_7", error="No, he said; no.")

    written = rows([second.pk, first.pk], sees)

    assert [row["Message"] for row in written] == [second.public_id, first.public_id]
    assert (written[0]["Text"], written[0]["About"]) == ("नमस्ते 🪔\nआशा", "order_7")
    assert written[0]["Reason"] == "No, he said; no."
    assert written[0]["Phone"] == "98765 43210"


def test_who_may_not_see_numbers_gets_them_masked(sees):
    dev = User.objects.create_user("dev", is_staff=True)
    dev.user_permissions.set(Permission.objects.filter(codename="view_message"))

    assert rows([failed().pk], dev)[0]["Phone"] == "91••••••3210"


@hypothesis(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40))
def test_no_text_of_anybody_s_is_a_formula_of_who_opens_the_file(sees, text):
    cell = rows([failed(text=text).pk], sees)[0]["Text"]

    assert cell in (text, f"'{text}")
    assert not cell.strip().startswith(("=", "+", "-", "@"))


def test_a_long_file_is_read_in_pieces(sees, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(acts, "READ_AT_ONCE", 2)
    ids = [failed().pk for _ in range(6)]

    with django_assert_num_queries(3):
        assert len(rows(ids, sees)) == 6


def test_what_is_gone_is_left_out_of_the_file(sees):
    assert rows([10**12], sees) == []

"""Whatever is reported on a message with several attempts, in whatever order, twice, in whatever batches."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import receipts
from notifications.models import Channel, QueuedMessage
from notifications.tests.reports import apply, attempt_of, message_of, queued_of, report, status

pytestmark = pytest.mark.django_db

GOOD = {"delivered": 1, "read": 2}
FOR_GOOD = {"131026", "131047"}  # Meta's codes that no other try can change; 131000 heals, so does 130429
MAY_HAVE = {"accepted", "uncertain"}
LEFT_AT = {"accepted": "sent", "uncertain": "uncertain", "not_now": "retrying", "rejected": "failed"}
WAITING = {"queued", "uncertain", "retrying"}
SAID = ("sent", "delivered", "read", "failed 131026", "failed 131047", "failed 131000", "failed 130429")


@pytest.fixture(autouse=True)
def _silent(monkeypatch):
    monkeypatch.setattr(receipts.nudge, "receipts", lambda: None)


def expected(answers, said):
    """Where a message stands, by the set of all receipts: {(attempt's place, what was said)}.

    answers   what each attempt was answered, the first one first
    """
    best = max((GOOD.get(what, 0) for _, what in said), default=0)
    if best:
        return {"delivered"} if best == 1 else {"read"}
    latest = max(place for place, answer in enumerate(answers) if answer in MAY_HAVE)
    failures = {what.partition(" ")[2] for place, what in said if place == latest and "failed" in what}
    if failures:
        lost = failures & FOR_GOOD or answers[-1] == "rejected"
        return {"failed"} if lost else {"retrying"}
    if any(what == "sent" for _, what in said):
        return {"sent"}
    return {LEFT_AT[answers[-1]]}


def standing(answers):
    """A message as these answers left it, its attempts first to last."""
    message = message_of(LEFT_AT[answers[-1]], tries=len(answers))
    attempts = [
        attempt_of(message, f"{message.pk}-{place}", answer, place + 1)
        for place, answer in enumerate(answers)
    ]
    if message.status in WAITING:
        queued_of(message, due_at=timezone.now() + timedelta(minutes=5))
    return message, attempts


# Whoever was accepted is not tried again, unless a receipt said that it failed: so only the last can be.
_answers = st.tuples(
    st.lists(st.sampled_from(["uncertain", "not_now"]), max_size=2),
    st.sampled_from(list(LEFT_AT)),
).map(lambda parts: [*parts[0], parts[1]])


@st.composite
def _stories(draw):
    """Answers, and batches of receipts about those that MyOperator may have."""
    answers = draw(_answers.filter(lambda answers: MAY_HAVE & set(answers)))
    reported = [place for place, answer in enumerate(answers) if answer in MAY_HAVE]
    receipt = st.tuples(st.sampled_from(reported), st.sampled_from(SAID))
    batches = draw(st.lists(st.lists(receipt, min_size=1, max_size=4), min_size=1, max_size=4))
    return answers, batches


@given(_stories())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_no_order_moves_a_message_back_and_every_order_ends_where_the_set_says(story):
    answers, batches = story
    with transaction.atomic():
        message, attempts = standing(answers)
        best = 0
        for batch in batches:
            for place, what in batch:
                kind, _, code = what.partition(" ")
                codes = [int(code)] if code else None
                report(kind, attempts[place].provider_message_id, codes=codes)
            apply()
            reached = GOOD.get(status(message), 0)
            assert reached >= best
            best = reached

        assert {message.status} == expected(answers, {said for batch in batches for said in batch})
        assert QueuedMessage.objects.filter(pk=message.pk).exists() == (message.status in WAITING)
        Channel.objects.all().delete()
        transaction.set_rollback(True)


@given(_stories(), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_two_orders_of_the_same_receipts_end_alike(story, data):
    answers, batches = story
    said = [one for batch in batches for one in batch]
    other = data.draw(st.permutations(said))
    with transaction.atomic():
        ends = set()
        for order in (said, other):
            message, attempts = standing(answers)
            for place, what in order:
                kind, _, code = what.partition(" ")
                report(kind, attempts[place].provider_message_id, codes=[int(code)] if code else None)
                apply()
            ends.add(status(message))

        assert len(ends) == 1
        transaction.set_rollback(True)

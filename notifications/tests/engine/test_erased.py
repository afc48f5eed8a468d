"""A person who is erased while a worker sends to them: what it brings back names them nowhere."""

import pytest
from django.utils import timezone

from notifications import erasure, wishes
from notifications.models import Attempt, ConsentEvent, Message, MessageEvent, NotificationPreference
from notifications.outcomes import Answered
from notifications.providers.base import Accepted, Rejected
from notifications.tests.conftest import ASHA
from notifications.tests.engine.conftest import leased, news, run_out, status, sweep_now

pytestmark = pytest.mark.django_db
WAMID = "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgS"  # her number is in it
ACCEPTED = {"accepted": Accepted(WAMID)}


def refused(code):
    return {"failure": Rejected(f"{ASHA} is not on WhatsApp", code)}


def what_is_kept():
    tables = (Message, Attempt, MessageEvent, NotificationPreference, ConsentEvent)
    return str([list(table.objects.values()) for table in tables])


@pytest.mark.parametrize("answer", [ACCEPTED, refused("131026"), refused("131050")])
def test_an_answer_that_comes_after_the_erasure_names_nobody(engine, answer):
    wishes.change(ASHA, {"marketing_opt_in_at": timezone.now()}, how="api")
    message = news()
    job = leased(message).claimed
    erasure.erase(ASHA, "chitra")
    engine.recorder.record([Answered(job, 5, **answer)])

    assert ASHA not in what_is_kept()
    assert WAMID not in what_is_kept()
    assert status(message) == ("sent" if answer is ACCEPTED else "cancelled")
    assert Attempt.objects.get().code == (answer["failure"].code if "failure" in answer else "")
    assert not NotificationPreference.objects.exists()


def test_an_acceptance_that_comes_after_its_lease_and_the_erasure_names_nobody(engine):
    job = leased(news()).claimed
    run_out()
    sweep_now()
    erasure.erase(ASHA, "chitra")
    engine.recorder.record([Answered(job, 5, **ACCEPTED)])

    assert WAMID not in what_is_kept()

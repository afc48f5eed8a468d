"""An answer to what began before the account was refused says nothing of the account now."""

import pytest

from notifications.models import Channel
from notifications.outcomes import Answered
from notifications.providers.base import Accepted, ChannelDown, Rejected, TooFast
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import leased, news, sending_number, status

pytestmark = pytest.mark.django_db
DOWN = ChannelDown("MyOperator does not accept our credentials.", "401")


@pytest.mark.parametrize(
    "late",
    [
        {"accepted": Accepted("m-1")},
        {"failure": Rejected("No.", "400")},
        {"failure": TooFast("Slowly.", "429")},
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_what_was_under_way_before_the_refusal_does_not_reopen_the_channel(engine, moved, late, together):
    slow, refused = leased(news()).claimed, leased(news(to=BILAL)).claimed
    moved.forward(seconds=3)
    answers = [Answered(refused, 50, failure=DOWN), Answered(slow, 3_000, **late)]
    for batch in [answers] if together else [[answer] for answer in answers]:
        engine.recorder.record(batch)
        moved.forward(seconds=0.1)

    assert sending_number().state == Channel.State.DOWN


def test_what_was_accepted_is_sent_all_the_same(engine):
    message = news()
    slow, refused = leased(message).claimed, leased(news(to=BILAL)).claimed
    engine.recorder.record([Answered(refused, 50, failure=DOWN)])
    engine.recorder.record([Answered(slow, 3_000, accepted=Accepted("m-1"))])

    assert status(message) == "sent"


def test_what_began_after_it_does(engine, moved):
    refused, probe = leased(news()).claimed, leased(news(to=BILAL)).claimed
    engine.recorder.record([Answered(refused, 50, failure=DOWN)])
    moved.forward(seconds=16)
    engine.recorder.record([Answered(probe, 100, accepted=Accepted("m-1"))])

    assert sending_number().state == Channel.State.OPEN

"""What the engine cannot do for itself: end what became worthless, or was taken back, while nobody looked."""

import pytest

from notifications import outbox
from notifications.models import QueuedMessage
from notifications.tests.conftest import BILAL
from notifications.tests.engine.conftest import events, leased, news, run_out, status, sweep_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]


def test_the_sweep_expires_what_is_worthless_also_where_it_is_held(engine, moved):
    held = news()
    QueuedMessage.objects.update(held_for="staff")
    message = news(to=BILAL)
    moved.forward(hours=25)

    assert sweep_now()["expired"] == 2
    assert {status(held), status(message)} == {"expired"}
    assert events(message) == ["expired"]


def test_the_sweep_leaves_what_a_worker_holds_to_the_worker(engine, moved):
    message = news()
    leased(message)
    moved.forward(hours=25)

    assert sweep_now()["expired"] == 0
    assert status(message) == "sending"


def test_what_was_taken_back_while_a_lost_worker_held_it_is_cancelled(engine):
    message = news(reference="order_1")
    leased(message)
    outbox.withdraw("order_1", ["test_news"], "The order was cancelled.")
    run_out()
    sweep_now()

    message.refresh_from_db()
    assert message.status == "cancelled"
    assert "MyOperator may have it" in message.error
    assert not QueuedMessage.objects.exists()


def test_what_was_received_while_a_lost_worker_held_it_is_not_called_cancelled(engine):
    message = news()
    leased(message)
    QueuedMessage.objects.update(withdrawn="delivered", withdrawn_why="received")
    run_out()
    sweep_now()

    message.refresh_from_db()
    assert (message.status, message.error, message.error_code) == ("delivered", "", "")

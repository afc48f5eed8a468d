"""What went wrong on the last evening of the demo shop's history, so that there is something to put right.

Through the same means as everything else: messages are asked for, the engine sends them, and the provider, which is
the one in memory, refuses, fails or does not say.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib.auth import get_user_model

from notifications import clock, engine, outbox
from notifications.models import CustomKind, Message, MessageTemplate
from notifications.providers import memory, meta
from notifications.providers.base import Failure, Outgoing, Uncertain
from orders import days
from orders.models import Customer

BEGINS = time(21, 30)
TRIES = (0, 6, 18, 36)  # minutes: the schedule, with its jitter
GREETING = "diwali_greeting"
SILENCE = Uncertain("MyOperator did not answer in time; it may have the message.", "timeout")


class Troubles:
    """Plays them; `to` sets the house's clock. It leaves alone the customers who came first, whom the demo needs."""

    def __init__(self, to: Callable[[datetime], None]) -> None:
        self.to = to
        self.begins = days.moment(days.today(), BEGINS)

    def run(self) -> None:
        self._at(0, self._greet)
        self._at(1, self._write_down_wrongly)
        self._refused("delivery_confirmed", 3, SILENCE, begins=5)
        self._refused("delivery_confirmed", 3, meta.failure(131000), begins=50)
        self._refused("delivery_confirmed", 2, meta.failure(131026), begins=95, after=3)
        self._at(140, self._ask_too_late)
        memory.reset()

    def _at(self, minutes: int, does: Callable[[], object] = lambda: None) -> None:
        self.to(self.begins + timedelta(minutes=minutes))
        does()
        while engine.drain():
            pass

    def _refused(self, kind: str, count: int, failure: Failure, begins: int, after: int = 0) -> None:
        """Ask for some, and answer each of their tries like that."""

        def answer(outgoing: Outgoing) -> None:
            raise failure

        memory.answer_with(answer)
        self._at(begins, lambda: [_repeat(message) for message in _read(kind, count, after)])
        for minutes in TRIES[1:]:
            self._at(begins + minutes)
        memory.reset()

    def _greet(self) -> None:
        """A kind that staff made, whose text somebody forgot to switch on."""
        chitra = get_user_model().objects.filter(username="chitra").first()
        kind, _ = CustomKind.objects.get_or_create(
            code=GREETING,
            defaults={"label": "Diwali greeting", "category": "utility", "preference": "order"},
        )
        words = {
            "content": "🪔 Happy Diwali from all of us at EarlyBird!",
            "active": False,
            "updated_by": chitra,
        }
        MessageTemplate.objects.get_or_create(kind=kind.code, language="en", defaults=words)
        for message in _read("delivery_confirmed", 6):
            outbox.queue(GREETING, to=message.phone, variables={})

    def _write_down_wrongly(self) -> None:
        """A number with a digit too few, and an order without its number: by somebody's till."""
        outbox.queue("order_confirmation", to="98765 4321", variables={"order_id": 1}, reference="order_1")
        for message in _read("order_confirmation", 2) or _read("delivery_confirmed", 2):
            outbox.queue("order_confirmation", to=message.phone, variables={})

    def _ask_too_late(self) -> None:
        now = clock.now()
        for message in _read("delivery_confirmed", 2):
            outbox.queue(
                message.kind,
                to=message.phone,
                variables=message.variables,
                reference=message.reference_id,
                expires_at=now - timedelta(minutes=1),
            )


def _read(kind: str, count: int, after: int = 0) -> list[Message]:
    """A message of this kind that was read, of each of some customers: from those who came last, after so many."""
    found = []
    for customer in Customer.objects.order_by("-pk"):
        messages = Message.objects.filter(phone=customer.phone, kind=kind, status="read")
        found += messages.order_by("-pk")[:1]
    return found[after : after + count]


def _repeat(message: Message) -> None:
    outbox.queue(message.kind, to=message.phone, variables=message.variables, reference=message.reference_id)

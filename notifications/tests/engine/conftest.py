"""A stopped clock that tests move, an engine on the memory provider, and what the provider was asked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from notifications import channel, clock, outbox
from notifications.engine.claim import claim
from notifications.engine.drain import Engine
from notifications.engine.record import Recorder
from notifications.engine.slots import Slots
from notifications.engine.sweep import sweep
from notifications.models import Attempt, Channel, Message, MessageEvent, QueuedMessage
from notifications.models.lease import Claimed
from notifications.providers.base import Accepted
from notifications.providers.memory import Memory
from notifications.schedule import IST
from notifications.tests.conftest import ASHA

SECONDS = 5.0  # a drain that works takes a fraction of it


@dataclass
class Moved:
    """The one clock, moved for everybody by the file that `make faults` moves it with."""

    file: Path

    def forward(self, **span: float) -> None:
        self._write(self._offset() + timedelta(**span).total_seconds())

    def set(self, moment: datetime) -> None:
        self._write((moment - timezone.now()).total_seconds())

    def _offset(self) -> float:
        return float(self.file.read_text())

    def _write(self, seconds: float) -> None:
        self.file.write_text(str(seconds))


@pytest.fixture
def moved(tmp_path, settings) -> Moved:
    settings.EARLYBIRD_CLOCK_FILE = str(tmp_path / "clock")
    clocks = Moved(tmp_path / "clock")
    # Noon, so that no test meets the house's hours by the time of day it runs at.
    clocks.file.write_text("0")
    clocks.set(datetime.now(IST).replace(hour=12, minute=0, second=0) + timedelta(days=1))
    return clocks


class Asked:
    """A provider that answers by text: an exception to raise, or None to accept. Keeps what was asked, and when."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.always: object = None
        self.texts: list[str] = []

    def __call__(self, outgoing) -> Accepted | None:
        self.texts.append(outgoing.text)
        answer = self.answers.get(outgoing.text, self.always)
        answer = answer(outgoing) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def asked(memory_provider) -> Asked:
    provider = Asked()
    memory_provider.answer_with(provider)
    return provider


@pytest.fixture
def engine(texts, moved, monkeypatch) -> Engine:
    # A test's own transaction stays open; a worker begins without one.
    monkeypatch.setattr(sys.modules[Engine.__module__], "close_old_connections", lambda: None)
    return Engine(Slots(Memory(), 50))


def another_engine() -> Engine:
    return Engine(Slots(Memory(), 50), Recorder(channel.Window()))


def news(name: str = "Asha", to: str = ASHA, **more) -> Message:
    return outbox.queue("test_news", to=to, variables={"name": name}, **more)


def offer(to: str = ASHA, **more) -> Message:
    outbox.opt_in(to)
    return outbox.queue("test_offer", to=to, variables={}, **more)


def many(count: int, kind: str = "test_news") -> None:
    """Messages to so many people, `Hello 0`, `Hello 1`, …"""
    outbox.queue_many(kind, [outbox.Item(f"+9197{n:08d}", {"name": n}) for n in range(count)])


def status(message: Message) -> str:
    return Message.objects.get(pk=message.pk).status


def statuses() -> set[str]:
    return set(Message.objects.values_list("status", flat=True))


def events(message: Message) -> list[str]:
    return list(MessageEvent.objects.filter(message_id=message.pk).values_list("what", flat=True))


def waiting(message: Message) -> QueuedMessage:
    return QueuedMessage.objects.get(pk=message.pk)


def outcomes(message: Message) -> list[str]:
    return list(Attempt.objects.filter(message_id=message.pk).values_list("outcome", flat=True))


def sending_number() -> Channel:
    return Channel.objects.get()


def sweep_now() -> dict[str, int]:
    return sweep(clock.now())


def drained(engine: Engine) -> None:
    """Until nothing is due."""
    assert engine.drain(SECONDS) is False


def looked(engine: Engine) -> None:
    """One look, where the channel may be shut: a drain would wait for a probe that is due soon."""
    engine.drain(0.05)


def claimed(message_id: int = 1, **more) -> Claimed:
    """A claimed row that was never in the database."""
    row = Claimed(*[None] * len(Claimed._fields))._replace(
        message_id=message_id, token=message_id, priority=1
    )
    return row._replace(tries=0, put_offs=0, phone=ASHA, kind="test_news", **more)


def leased(message):
    """The job of a worker that holds this message."""
    (job,) = claim(1, clock.now(), deadline=15, only=message.pk).jobs
    return job


def run_out():
    """The workers' leases end."""
    QueuedMessage.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))


def lost(message):
    """The job of a worker that held this message and was lost."""
    job = leased(message)
    run_out()
    assert sweep_now()["lost"] == 1
    return job

"""Messages to play with, and what became of them: our rows beside what the sandbox says it accepted."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Count

from notifications import outbox
from notifications.models import Attempt, Message, MessageEvent, Status
from notifications.sandbox.client import Sandbox

_serial = count(1)


def queue(number: int, suffix: str = "", expires_at: datetime | None = None) -> list[int]:
    """Record so many utility messages, each to somebody else (whose number ends so); returns their ids."""
    before = _last()
    with transaction.atomic():  # one commit: whoever looks sees all of them
        outbox.queue_many("order_confirmation", list(_items(number, suffix, expires_at)))
    return list(Message.objects.filter(pk__gt=before).order_by("pk").values_list("pk", flat=True))


def queue_urgent() -> int:
    """Record one urgent message: what an order of this moment would wait for."""
    serial = next(_serial)
    variables = {"customer_name": "Asha", "eta_time": "08:30", "delivery_boy_phone": "+919876500001"}
    return outbox.queue("delivery_delayed", to=_phone(serial, ""), variables=variables).pk


def somebody(suffix: str = "") -> str:
    """A number that nobody had before, which ends so."""
    return _phone(next(_serial), suffix)


def _items(number: int, suffix: str, expires_at: datetime | None) -> Iterator[outbox.Item]:
    for serial in (next(_serial) for _ in range(number)):
        variables = {"order_id": str(serial)}
        yield outbox.Item(_phone(serial, suffix), variables, f"order_{serial}", expires_at=expires_at)


def _phone(serial: int, suffix: str) -> str:
    return f"+919{serial:0{9 - len(suffix)}d}{suffix}"


def _last() -> int:
    return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def statuses(ids: Collection[int]) -> Counter[str]:
    """How many of these messages stand where."""
    found = Message.objects.filter(pk__in=ids).values_list("status").annotate(number=Count("pk")).order_by()
    return Counter(dict(found))


def all_are(ids: Collection[int], *wanted: Status) -> bool:
    return set(statuses(ids)) <= {str(status) for status in wanted}


@dataclass(frozen=True)
class Truth:
    """`twice`: accepted more than once; `unexplained`: more often than an unknown outcome allows."""

    messages: int
    sent: int
    accepted: int
    twice: int
    unexplained: int
    missing: int

    def __str__(self) -> str:
        return (
            f"{self.sent:,} of {self.messages:,} sent, {self.missing} never accepted, {self.twice} accepted twice, "
            f"{self.unexplained} of them without having been uncertain"
        )

    @property
    def fine(self) -> bool:
        return self.sent == self.messages and not self.missing and not self.unexplained


def reckon(sandbox: Sandbox, ids: Collection[int]) -> Truth:
    """Compare our rows with the sandbox's. Number and text together tell messages apart: each names its order."""
    times, uncertain = accepted(sandbox, ids), _uncertain(ids)
    return Truth(
        messages=len(ids),
        sent=sum(statuses(ids)[status] for status in ("sent", "delivered", "read")),
        accepted=sum(times.values()),
        twice=sum(number > 1 for number in times.values()),
        unexplained=sum(number - 1 > uncertain[pk] for pk, number in times.items() if number > 1),
        missing=sum(number == 0 for number in times.values()),
    )


def accepted(sandbox: Sandbox, ids: Collection[int]) -> dict[int, int]:
    """How often each of these messages was accepted."""
    ours = Message.objects.filter(pk__in=ids).values_list("pk", "phone", "text")
    theirs = Counter((message["phone"], message["text"]) for message in sandbox.messages())
    return {pk: theirs[phone, text] for pk, phone, text in ours}


def _uncertain(ids: Collection[int]) -> Counter[int]:
    """How often each was uncertain. A late acceptance takes the place of the try that was, and is told as an event."""
    tries = Attempt.objects.filter(message_id__in=ids, outcome=Attempt.Outcome.UNCERTAIN)
    late = MessageEvent.objects.filter(message_id__in=ids, what="late_answer", detail="accepted")
    return Counter([pk for rows in (tries, late) for pk in rows.values_list("message_id", flat=True)])

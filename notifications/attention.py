"""What needs staff: messages that did not go or are on hold, by cause, and the one act that clears each.

    causes(now)  all there are, what waits for the channel first, then the newest first
    total(now)   how many messages that is, for a badge

Both read a few index entries for each cause, however long the log is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from notifications import causes as rules
from notifications import registry, unsettled
from notifications.causes import Remedy, Rule
from notifications.models import Channel, Held, Message, QueuedMessage
from notifications.models.message import UNSETTLED
from notifications.unsettled import MOST_COUNTED, Group

DAYS = 7
_HELD, _CHANNEL, _NOTHING = "held", "channel", "-"


@dataclass(frozen=True)
class Cause:
    """Messages that one thing keeps from going.

    key      its name in addresses: `131026`, `template_off:churn_risk`, `held:uncertain`, `channel`
    count    messages, counted up to `MOST_COUNTED` + 1
    since    when the oldest of them was asked for, of the last `DAYS` days; newest: the youngest
    action   what the button says; address: where it leads, a page that says what it will do, and asks
    """

    key: str
    title: str
    sentence: str
    count: int
    since: datetime
    newest: datetime
    remedy: Remedy
    kinds: tuple[str, ...] = ()
    code: str = ""  # what was kept with its messages; nothing is a code too

    @property
    def held_for(self) -> str:
        """What its messages are on hold for; empty where they have ended."""
        first, _, rest = self.key.partition(":")
        return rest.split(":")[0] if first == _HELD else ""

    @property
    def is_channel(self) -> bool:
        return self.key == _CHANNEL

    @property
    def counted(self) -> str:
        """`12`, or `1,000+`."""
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else f"{self.count:,}"

    @property
    def action(self) -> str:
        return self.remedy.value

    @property
    def address(self) -> str:
        return reverse("admin:notifications_attention_cause", args=(self.key,))


def causes(now: datetime) -> list[Cause]:
    """All there are at this moment, for the last `DAYS` days; what is on hold counts however old it is."""
    found = [*_held(), *_ended(now)]
    return [*_channel(), *sorted(found, key=lambda cause: cause.newest, reverse=True)]


def total(now: datetime) -> int:
    """How many messages need somebody. What only waits for the channel is not counted: one act clears it."""
    return sum(cause.count for cause in causes(now) if not cause.is_channel)


def find(key: str, now: datetime) -> Cause | None:
    """The cause of this key, or None where it is cleared, or never was."""
    return next((cause for cause in causes(now) if cause.key == key), None)


def messages_of(cause: Cause, now: datetime) -> QuerySet[Message]:
    """Its messages, the newest first."""
    if cause.is_channel:
        rows = Message.objects.filter(queued__isnull=False, queued__held_for=None)
    elif cause.held_for:
        rows = Message.objects.filter(queued__held_for=cause.held_for)
        rows = rows.filter(kind__in=cause.kinds) if cause.held_for == Held.TEMPLATE else rows
    else:
        rows = Message.objects.filter(
            UNSETTLED, error_code=cause.code, kind__in=cause.kinds, created_at__gt=_since(now)
        )
    return rows.order_by("-created_at", "-id")


def _since(now: datetime) -> datetime:
    return now - timedelta(days=DAYS)


# --- what has ended --------------------------------------------------------------------------------------


def _ended(now: datetime) -> Iterator[Cause]:
    for code, of_code in groupby(unsettled.ended(_since(now)), key=lambda group: group.code):
        rule = rules.of_code(code)
        if rule is None:
            continue
        for same in _apart(rule, list(of_code)):
            key = _key(code, same[0].kind) if rule.of_kind else _key(code)
            yield _said(_cause(rule, key, same), now)


def _key(*parts: str) -> str:
    """Fit to stand in an address, whatever MyOperator calls its codes, and whoever asked for a kind nobody knows."""
    return ":".join(quote(part, safe="") or _NOTHING for part in parts)


def _apart(rule: Rule, groups: list[Group]) -> Iterable[list[Group]]:
    return [[group] for group in groups] if rule.of_kind else [groups]


def _cause(rule: Rule, key: str, groups: list[Group]) -> Cause:
    kind = registry.get(groups[0].kind)
    name = kind.label if kind else groups[0].kind or "no name"
    return Cause(
        key=key,
        title=rule.title.replace("{kind}", name).replace("{code}", groups[0].code or "none"),
        sentence=rule.sentence,
        count=min(sum(group.count for group in groups), MOST_COUNTED + 1),
        since=min(group.since for group in groups),
        newest=max(group.newest for group in groups),
        remedy=rule.remedy,
        kinds=tuple(group.kind for group in groups),
        code=groups[0].code,
    )


def _said(cause: Cause, now: datetime) -> Cause:
    """With what MyOperator said, where no words of ours are known."""
    if "{said}" not in cause.sentence:
        return cause
    newest = messages_of(cause, now).values_list("error", flat=True).first() or "nothing."
    return replace(cause, sentence=cause.sentence.replace("{said}", f"{newest.rstrip('.')}."))


# --- what is on hold -------------------------------------------------------------------------------------


def _held() -> Iterator[Cause]:
    for held_for in Held:
        rule, groups = rules.of_held(held_for), unsettled.held(held_for)
        for same in _apart(rule, groups) if groups else ():
            key = _key(_HELD, held_for, same[0].kind) if rule.of_kind else _key(_HELD, held_for)
            yield _cause(rule, key, same)


# --- what waits for the channel --------------------------------------------------------------------------

_WHO_STOPPED = "Paused by {by}: {why}. Nothing is sent, and nothing is lost: messages wait."
_SHUT = "{why} It opens by itself when that is over; you can have it try at once."
_TITLES = {
    Channel.State.STOPPED: "All messages are paused",
    Channel.State.OUTAGE: "MyOperator cannot be reached",
    Channel.State.DOWN: "MyOperator refuses our account",
}


def _channel() -> Iterator[Cause]:
    channel = Channel.objects.filter(number=settings.MYOPERATOR_PHONE_NUMBER).first()
    if channel is None or channel.state == Channel.State.OPEN:
        return
    waiting = QueuedMessage.objects.filter(held_for=None).values("pk")[: MOST_COUNTED + 1].count()
    is_stopped, why = channel.state == Channel.State.STOPPED, channel.reason.rstrip(".")
    words = _WHO_STOPPED if is_stopped else _SHUT
    yield Cause(
        key=_CHANNEL,
        title=_TITLES[Channel.State(channel.state)],
        sentence=words.format(by=channel.changed_by or "staff", why=why if is_stopped else f"{why}."),
        count=waiting,
        since=channel.since,
        newest=channel.since,
        remedy=Remedy.RESUME if is_stopped else Remedy.TRY,
    )

"""When: tries after a failure, the house's hours, a customer's do-not-disturb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.registry import MessageKind

IST = ZoneInfo("Asia/Kolkata")
MOST_JITTER = 0.1  # of the wait, only upward

Span = tuple[time, time]


def next_try(
    tries: int, minutes: Sequence[float], now: datetime, random: Callable[[], float]
) -> datetime | None:
    """When to try again after `tries` tries, or None where that was the last. `random` gives 0..1."""
    if tries > len(minutes):
        return None
    return now + timedelta(minutes=minutes[tries - 1] * (1 + MOST_JITTER * random()))


def span(text: str) -> Span:
    """`"07:00-21:00"` as two times. Raises ValueError."""
    opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
    return opens, closes


def house_opens(kind: MessageKind, hours: Mapping[str, Span], now: datetime) -> datetime | None:
    """When the house next sends this kind, or None where it does so now."""
    if kind.hours == "any":
        return None
    opens, closes = hours[kind.hours]
    return None if _within(opens, closes, now) else _next(opens, now)


def quiet_until(kind: MessageKind, start: time | None, end: time | None, now: datetime) -> datetime | None:
    """When this customer's do-not-disturb ends, or None where it does not hold this kind now.

    It holds everything but urgent kinds and answers to what the customer just did. Hours that end when they
    begin are none: all day would be silence, and there is a switch for that.
    """
    if start is None or end is None or start == end or kind.urgent or kind.answers:
        return None
    return _next(end, now) if _within(start, end, now) else None


def _within(start: time, end: time, now: datetime) -> bool:
    """Whether the time of day (IST) is in the span, which may cross midnight. An empty span is all day."""
    clock = now.astimezone(IST).time()
    if start < end:
        return start <= clock < end
    return clock >= start or clock < end


def _next(clock: time, now: datetime) -> datetime:
    local = now.astimezone(IST)
    moment = datetime.combine(local.date(), clock, IST)
    return moment if moment > local else moment + timedelta(days=1)

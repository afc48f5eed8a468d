"""When: tries after a failure, the house's hours, a customer's do-not-disturb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.registry import MessageKind

IST = ZoneInfo("Asia/Kolkata")
DAY = timedelta(days=1)
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


def last_call(text: str) -> time | None:
    """`"22:00"` as a time; empty: there is none. Raises ValueError."""
    return time.fromisoformat(text.strip()) if text.strip() else None


@dataclass(frozen=True, slots=True)
class House:
    """When the house sends what it starts by itself (IST).

    hours      by the kind's `hours`
    last_call  until then, after the hours of reminders, a reminder may go that would be worthless before they begin
               again; None: never
    """

    hours: Mapping[str, Span]
    last_call: time | None = None

    def opens(self, kind: MessageKind, worthless_at: datetime, now: datetime) -> datetime | None:
        """When the house next sends this kind, or None where it does so now."""
        if kind.hours == "any":
            return None
        opens, closes = self.hours[kind.hours]
        again = _next(opens, now)
        if _within(opens, closes, now) or (
            kind.hours == "reminder" and worthless_at <= again and self._still_calls(now)
        ):
            return None
        return again

    def _still_calls(self, now: datetime) -> bool:
        """Whether it is after the hours of reminders and before the last call, which has to come before they begin."""
        opens, closes = self.hours["reminder"]
        last = _after(closes, self.last_call) if self.last_call else 0
        return _after(closes, now.astimezone(IST).time()) < last <= _after(closes, opens)


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


def _after(start: time, clock: time) -> int:
    """Microseconds from one time of day to the next time it is the other."""
    return (_of_day(clock) - _of_day(start)) % DAY // timedelta(microseconds=1)


def _of_day(clock: time) -> timedelta:
    return datetime.combine(date.min, clock) - datetime.min


def _next(clock: time, now: datetime) -> datetime:
    local = now.astimezone(IST)
    moment = datetime.combine(local.date(), clock, IST)
    return moment if moment > local else moment + DAY

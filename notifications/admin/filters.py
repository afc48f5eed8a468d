"""What the log can be filtered by. A filter says its condition; `searching` says along which index it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from backoffice.selects import Choices, Filter
from notifications import reasons, registry
from notifications.clock import moment
from notifications.clock import now as clock_now
from notifications.models import LIVE, Held, Status
from notifications.models.message import ENDED_UNSENT

WORDS = {
    Status.QUEUED: "Waiting",
    Status.SENDING: "Being sent",
    Status.RETRYING: "Trying again",
    Status.UNCERTAIN: "Perhaps sent",
    Status.SENT: "Sent",
    Status.DELIVERED: "Delivered",
    Status.READ: "Read",
    Status.FAILED: "Failed",
    Status.EXPIRED: "Too late",
    Status.SUPPRESSED: "Not sent, on purpose",
    Status.CANCELLED: "Taken back",
}
UNSENT, WAITING, ARRIVED = "unsent", "waiting", "received"
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    UNSENT: ("Not sent, and why", tuple(status for status in Status if status in ENDED_UNSENT)),
    WAITING: ("Waiting, and for what", tuple(status for status in Status if status in LIVE)),
    ARRIVED: ("Sent", (Status.SENT, Status.DELIVERED, Status.READ)),
}


class StatusFilter(Filter):
    title, parameter_name = "status", "status"

    def grouped(self) -> Choices:
        whole = [(slug, label) for slug, (label, _) in GROUPS.items()]
        return [("", whole), ("One status", [(str(status), WORDS[status]) for status in Status])]

    @property
    def statuses(self) -> tuple[str, ...]:
        """A group's, or those that an address names one by one: `delivered,read`."""
        value = str(self.value() or "")
        if value in GROUPS:
            return GROUPS[value][1]
        named = value.split(",")
        return tuple(status for status in Status if status in named) or (value,)

    def condition(self) -> Q:
        return Q(status__in=self.statuses) if len(self.statuses) > 1 else Q(status=self.statuses[0])


class WhyFilter(Filter):
    """Why it was not sent, or what it waits for: a cause, a wait, or one code."""

    title, parameter_name = "why", "why"
    _WAITS, _HELD = "waits-", "held-"

    def grouped(self) -> Choices:
        waits = [(f"{self._WAITS}{code}", f"Waits for {words}") for code, words in reasons.WAITS.items()]
        held = [(f"{self._HELD}{held}", f"On hold: {held.label}") for held in Held]
        codes = [(code, _short(f"{code}: {reasons.of(code).words}")) for code in reasons.codes()]
        return [
            ("Not sent", [(cause.slug, cause.label) for cause in reasons.CAUSES]),
            ("Waiting", [*waits, *held]),
            ("One code", codes),
        ]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are meant; none where it is about waiting."""
        value = str(self.value() or "")
        if value.startswith((self._WAITS, self._HELD)):
            return ()
        cause = reasons.causes(value)
        return cause.codes if cause else (value,)

    def condition(self) -> Q:
        value = str(self.value())
        if value.startswith(self._WAITS):
            return Q(queued__waits_for=value.removeprefix(self._WAITS))
        if value.startswith(self._HELD):
            return Q(queued__held_for=value.removeprefix(self._HELD))
        return Q(error_code__in=self.codes)


class KindFilter(Filter):
    title, parameter_name = "kind", "kind"

    def grouped(self) -> Choices:
        kinds = registry.kinds()
        ours = [(kind.code, kind.label) for kind in kinds if registry.declared(kind.code)]
        own = [(kind.code, kind.label) for kind in kinds if not registry.declared(kind.code)]
        return [("", ours), ("Kinds of our own", own)] if own else [("", ours)]


class LanguageFilter(Filter):
    title, parameter_name = "language", "language"

    def grouped(self) -> Choices:
        return [("", list(registry.LANGUAGES))]


class TestsFilter(Filter):
    title, parameter_name = "tests", "tests"
    _WANTED = {"only": True, "none": False}

    def grouped(self) -> Choices:
        return [("", [("only", "Tests only"), ("none", "No tests")])]

    def value(self) -> str | None:
        value = super().value()
        return value if value in self._WANTED else None

    def condition(self) -> Q:
        return Q(is_test=self._WANTED[str(self.value())])


class DayFilter(Filter):
    """A day or some days, in India's time: by a word, or from a date until a date."""

    title, parameter_name = "day", "day"
    FROM, UNTIL = "from", "until"
    _DAYS = {"today": (0, 1), "yesterday": (1, 1), "week": (6, 7), "month": (29, 30)}

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.dates = {
            name: self._date(request, params.pop(name, [""])[-1]) for name in (self.FROM, self.UNTIL)
        }

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name, self.FROM, self.UNTIL]

    def grouped(self) -> Choices:
        words = ("Today", "Yesterday", "The last 7 days", "The last 30 days")
        return [("", list(zip(self._DAYS, words, strict=True)))]

    def value(self) -> str | None:
        """Dates go before words."""
        if any(self.dates.values()):
            return "dates"
        value = super().value()
        return value if value in self._DAYS else None

    @property
    def stranger(self) -> str:
        return ""  # dates stand in fields of their own

    def condition(self) -> Q:
        first, last = self.span()
        condition = Q(created_at__gte=moment(first, time.min)) if first else Q()
        return condition & Q(created_at__lt=moment(last + timedelta(days=1), time.min)) if last else condition

    def span(self) -> tuple[date | None, date | None]:
        """The first day and the last."""
        if any(self.dates.values()):
            return self.dates[self.FROM], self.dates[self.UNTIL]
        back, many = self._DAYS[str(self.value())]
        first = timezone.localdate(clock_now()) - timedelta(days=back)
        return first, first + timedelta(days=many - 1)

    @staticmethod
    def _date(request: HttpRequest, text: str) -> date | None:
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or not 2000 < found.year < 9999):
            messages.warning(request, f"“{text[:20]}” is no day. Write it as 2026-11-26.")
            return None
        return found


def chosen(specs: list[Any]) -> Iterator[Filter]:
    """The filters that are set."""
    return (spec for spec in specs if isinstance(spec, Filter) and spec.value())


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"

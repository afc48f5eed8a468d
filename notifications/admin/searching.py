"""How the log is searched and read: what a term means, and along which index the messages are found.

Nothing here may read the log from end to end. What is asked is read along one index, that of its leading condition;
the others are looked for among so many rows at a time (`backoffice.keyset`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from backoffice.keyset import Reading
from backoffice.masking import number_in
from notifications import registry
from notifications.admin.filters import (
    GROUPS,
    UNSENT,
    WAITING,
    DayFilter,
    Filter,
    KindFilter,
    StatusFilter,
    TestsFilter,
    WhyFilter,
)
from notifications.models.message import ENDED_UNSENT, LIVE

MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A search term as it was understood: `what` it is, and the conditions that each have an index."""

    text: str
    what: str
    conditions: tuple[Q, ...]

    @property
    def any(self) -> Q:
        return Q(*self.conditions, _connector=Q.OR) if self.conditions else Q(pk__in=())


def understood(text: str) -> Term:
    """Whole values only: a number in any form, an id, what the apps know, and always a reference."""
    term = text.strip().replace("\0", "")
    pk = term.lower().removeprefix("msg_")
    if pk != term.lower() and pk.isascii() and pk.isdecimal() and len(pk) < 19:
        return Term(term, f"message {term}", (Q(pk=int(pk)),))
    if number := number_in(term):
        return Term(term, "a phone number", (Q(phone=number),))
    found = registry.search(term)
    what = ", or ".join(one.what for one in found) or _looks_like(term)
    phones = [Q(phone=phone) for one in found for phone in one.phones]
    about = [Q(reference_id=reference) for one in found for reference in one.references]
    return Term(term, what, (Q(reference_id=term), *phones, *about)[:MOST_PARTS])


def _looks_like(term: str) -> str:
    prefix, _, rest = term.rpartition("_")
    return "a reference" if prefix and rest.isdecimal() else "a reference or a customer's name"


def number_of(term: Term | None) -> str:
    """The one number whose messages are meant, or an empty text."""
    return number_in(term.text) if term else ""


def reading(rows: QuerySet, term: Term | None, chosen: Iterable[Filter], others: bool) -> Reading:
    """Along which index what is asked is read. `others`: conditions that no filter of ours made."""
    filters = {type(one): one for one in chosen}
    days = filters.pop(DayFilter, None)
    rows = rows.filter(days.condition()) if days else rows  # each index goes on with the time
    if term is not None:
        return Reading([rows.filter(condition) for condition in _distinct(term)], not filters and not others)
    parts, served = _leading(filters)
    return Reading([rows.filter(part) for part in parts], served == filters.keys() and not others)


def _distinct(term: Term) -> Iterator[Q]:
    """No message in two parts: one that is about a row and to its customer is read with the row."""
    before = Q()
    for condition in term.conditions:
        yield condition & ~before if before else condition
        before |= condition


def _leading(filters: dict[type[Filter], Filter]) -> tuple[list[Q], set[type[Filter]]]:
    """The conditions to read along, and the filters that they fulfil."""
    tests = filters.get(TestsFilter)
    if tests is not None and tests.value() == "only":  # there are always few
        return [tests.condition()], {TestsFilter}
    why, status, kind = (filters.get(sort) for sort in (WhyFilter, StatusFilter, KindFilter))
    if isinstance(why, WhyFilter) and why.codes:
        return [Q(error_code=code) for code in why.codes], {WhyFilter}
    if isinstance(status, StatusFilter):
        return _by_status(status.statuses, kind)
    if why is not None:  # what it waits for is said of what waits
        return [Q(status=one) for one in GROUPS[WAITING][1]], set()
    return ([kind.condition()], {KindFilter}) if kind is not None else ([Q()], set())


def _by_status(statuses: Sequence[str], kind: Filter | None) -> tuple[list[Q], set[type[Filter]]]:
    """Each status has an index and each kind; the few of a kind that ended unsent have one together."""
    if kind is not None and set(statuses) <= ENDED_UNSENT:
        served: set[type[Filter]] = {KindFilter, StatusFilter} if len(statuses) > 1 else {KindFilter}
        return [kind.condition() & Q(status__in=GROUPS[UNSENT][1])], served
    if kind is not None and not set(statuses) <= LIVE:
        return [kind.condition()], {KindFilter}
    return [Q(status=one) for one in statuses], {StatusFilter}

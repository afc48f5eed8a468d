"""Where customers' wishes change: the one writer of preferences, and of the ledger that says how they came about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db import transaction

from notifications.clock import now as clock_now
from notifications.models import ConsentEvent, NotificationPreference, Status
from notifications.models.withdrawal import live, take_back
from notifications.storable import plain

How = ConsentEvent.How
OFF = "The customer switched all messages off."
_QUIET = {"quiet_from", "quiet_until"}
_SWITCHES = {"enabled", "order", "subscription", "delivery", "payment", "promotional"}
# By Meta's code: this number cannot be reached; its owner stopped offers in WhatsApp.
_REPORTED: dict[str, Callable[[datetime], dict[str, object]]] = {
    "131026": lambda at: {"unreachable_at": at},
    "131050": lambda at: {"marketing_opt_in_at": None},
}
FIELDS = frozenset({*_SWITCHES, *_QUIET, "user", "language", "marketing_opt_in_at", "unreachable_at"})


class Changed(NamedTuple):
    """A number's preference as it is now, and which of its fields changed."""

    preference: NotificationPreference
    fields: frozenset[str]


def change(
    phone: str,
    wanted: Mapping[str, object],
    *,
    how: str,
    by: str = "",
    words: str = "",
    at: datetime | None = None,
    inbound_id: int | None = None,
) -> Changed:
    """Give this number's preference these values, and write into the ledger what differed.

    phone   E.164; a number that never said anything gets a row
    wanted  values by field (`FIELDS`); switching `enabled` off takes back at once what is queued
    how     a `ConsentEvent.How`; by: the user's name; words: what they wrote, or the text they agreed to
    at      when it was said, where that is not now: a field that changed since stays as it is

    In the caller's transaction. Raises ValidationError for one end of quiet hours without the other.
    """
    if unknown := wanted.keys() - FIELDS:
        raise ValueError(f"No wishes: {sorted(unknown)}")
    with transaction.atomic():
        preference = lock([phone], with_queue=wanted.get("enabled") is False)[phone]
        fields = _differing(preference, wanted) - (_changed_since(phone, at) if at else set())
        source = {"how": how, "by": plain(by, 150), "words": plain(words, 500), "inbound_id": inbound_id}
        _write(preference, {name: wanted[name] for name in sorted(fields)}, at or clock_now(), source)
        if "enabled" in fields and not preference.enabled:
            take_back(live(message__phone=phone), Status.SUPPRESSED, OFF, clock_now(), code="opted_out")
    return Changed(preference, frozenset(fields))


def reported(phone: str, code: str, words: str, at: datetime) -> None:
    """Keep what a code of WhatsApp's says of a number or of its owner; most say nothing."""
    if code in _REPORTED and phone.startswith("+"):  # whoever was erased has none
        change(phone, _REPORTED[code](at), how=How.PROVIDER, words=f"{code} {words}", at=at)


def checked(phones: Collection[str], by: str) -> None:
    """Staff send to these numbers again: what WhatsApp said of them is over, until it says so again."""
    marked = NotificationPreference.objects.filter(phone__in=phones, unreachable_at__isnull=False)
    for phone in sorted(marked.values_list("phone", flat=True)):
        change(phone, {"unreachable_at": None}, how=How.ADMIN, by=by, words="sent again")


def lock(phones: Collection[str], *, with_queue: bool = False) -> dict[str, NotificationPreference]:
    """These numbers' preferences, made where there are none, locked in the numbers' order.

    `with_queue` locks their live messages before, in the order of locks everywhere: for who may switch them off.
    """
    if not phones:
        return {}
    if with_queue:
        live(message__phone__in=phones)
    rows = _locked(phones)
    missing = set(phones) - rows.keys()
    if missing:
        fresh = [NotificationPreference(phone=phone) for phone in sorted(missing)]
        NotificationPreference.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = _locked(phones)
    return rows


def _locked(phones: Iterable[str]) -> dict[str, NotificationPreference]:
    rows = NotificationPreference.objects.select_for_update(of=("self",)).filter(phone__in=phones)
    return {row.phone: row for row in rows.select_related("user").order_by("phone")}


def _differing(preference: NotificationPreference, wanted: Mapping[str, object]) -> set[str]:
    return {name for name, value in wanted.items() if getattr(preference, name) != value}


def _changed_since(phone: str, at: datetime) -> set[str]:
    return set(ConsentEvent.objects.filter(phone=phone, at__gt=at).order_by().values_list("what", flat=True))


def _write(
    preference: NotificationPreference, values: Mapping[str, object], at: datetime, source: Mapping[str, Any]
) -> None:
    if not values:
        return
    events = [_event(preference, name, value, at, source) for name, value in values.items()]
    for name, value in values.items():
        setattr(preference, name, value)
    if _QUIET & values.keys():
        preference.validate_constraints()
    preference.save(update_fields=[*values, "updated_at"])
    ConsentEvent.objects.bulk_create(events)


def _event(
    preference: NotificationPreference, name: str, value: object, at: datetime, source: Mapping[str, Any]
) -> ConsentEvent:
    return ConsentEvent(
        phone=preference.phone,
        what=name,
        act=_act(name, value),
        old=_text(getattr(preference, name)),
        new=_text(value),
        at=at,
        **source,
    )


def _act(name: str, value: object) -> str:
    if name in _SWITCHES or name == "marketing_opt_in_at":
        return ConsentEvent.Act.OPT_IN if value else ConsentEvent.Act.OPT_OUT
    return ConsentEvent.Act.OTHER


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return plain(value.isoformat() if isinstance(value, datetime | time) else value, 150)

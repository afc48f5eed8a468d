"""What is wrong with the settings, said at the start and not found out at the first send."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from notifications import schedule, tier
from notifications.engine.provider import APIS
from notifications.phones import BadPhone, e164

SHORTEST_SECRET = 16  # characters of a webhook secret: it is all that tells MyOperator from anybody
MARGIN = 5  # seconds that a lease must outlive a request, for its answer to be recorded


@register()
def settings_make_sense(**_: Any) -> list[CheckMessage]:
    """Always: values that no run could work with."""
    return [*_provider(), *_address(), *_numbers(), *_hours(), *_phones()]


@register(deploy=True)
def settings_are_for_production(**_: Any) -> list[CheckMessage]:
    """With `check --deploy`: what a laptop may lack and a shop may not."""
    return [*_credentials(), *_addresses(), *_secrets(), *_pretence()]


def _provider() -> Iterator[CheckMessage]:
    if settings.MYOPERATOR_API not in APIS:
        yield Error(
            f"MYOPERATOR_API={settings.MYOPERATOR_API!r} is no provider we know.",
            hint=f"Use one of: {', '.join(APIS)}.",
            id="notifications.E001",
        )


def _address() -> Iterator[CheckMessage]:
    address = _base_url()
    if address is None or address.scheme not in ("http", "https") or not address.hostname:
        yield Error(
            "MYOPERATOR_BASE_URL is no address that messages can be sent to.",
            hint=f"Write it like {settings.MYOPERATOR_REAL_URL}, or leave it out.",
            id="notifications.E014",
        )


def _base_url() -> SplitResult | None:
    try:
        address = urlsplit(settings.MYOPERATOR_BASE_URL)
        _ = address.port  # refused only when it is asked for
    except ValueError:
        return None
    return address


def _numbers() -> Iterator[CheckMessage]:
    if not _positive(settings.MYOPERATOR_RATE_LIMIT):
        yield Error(
            f"MYOPERATOR_RATE_LIMIT={settings.MYOPERATOR_RATE_LIMIT} lets nothing through.",
            hint="Messages per second, more than 0; WhatsApp allows 80 to a new number.",
            id="notifications.E002",
        )
    if not _is_tier():
        yield Error(
            f"MYOPERATOR_TIER={settings.MYOPERATOR_TIER!r} is no number of people.",
            hint="Write 250, 2000, 10000, 100000 or unlimited: what Meta allows our account in 24 hours.",
            id="notifications.E015",
        )
    if not all(map(_positive, settings.NOTIFICATION_RETRY_MINUTES)):
        yield Error(
            f"NOTIFICATION_RETRY_MINUTES={settings.NOTIFICATION_RETRY_MINUTES} holds what is no wait.",
            hint="Minutes between tries, each more than 0, for example 5,10,15.",
            id="notifications.E003",
        )
    if not (_positive(settings.NOTIFICATION_DEADLINE) and settings.NOTIFICATION_SLOTS > 0):
        yield Error(
            "NOTIFICATION_DEADLINE and NOTIFICATION_SLOTS must be more than 0.",
            hint="Leave them out: 15 seconds and 150 requests at once.",
            id="notifications.E006",
        )
    if settings.NOTIFICATION_LEASE <= settings.NOTIFICATION_DEADLINE + MARGIN:
        yield Error(
            "NOTIFICATION_LEASE is too short: a message could be taken for lost while it is being sent.",
            hint=f"Make it more than {MARGIN} seconds longer than NOTIFICATION_DEADLINE.",
            id="notifications.E004",
        )


def _positive(number: float) -> bool:
    return number > 0 and math.isfinite(number)


def _is_tier() -> bool:
    try:
        tier.limit()
    except ValueError:
        return False
    return True


def _hours() -> Iterator[CheckMessage]:
    for name in ("NOTIFICATION_REMINDER_HOURS", "NOTIFICATION_MARKETING_HOURS"):
        try:
            schedule.span(getattr(settings, name))
        except ValueError:
            yield Error(
                f"{name}={getattr(settings, name)!r} is no span of hours.",
                hint="Write it like 07:00-21:00, Indian time; 00:00-00:00 is all day.",
                id="notifications.E007",
            )
    try:
        schedule.last_call(settings.NOTIFICATION_LAST_CALL)
    except ValueError:
        yield Error(
            f"NOTIFICATION_LAST_CALL={settings.NOTIFICATION_LAST_CALL!r} is no time of day.",
            hint="Write it like 22:00, Indian time, or leave it empty for none.",
            id="notifications.E016",
        )


def _phones() -> Iterator[CheckMessage]:
    own = [settings.MYOPERATOR_PHONE_NUMBER] if settings.MYOPERATOR_PHONE_NUMBER else []
    given = {
        "MYOPERATOR_PHONE_NUMBER": own,
        "NOTIFICATION_ALLOWED_NUMBERS": settings.NOTIFICATION_ALLOWED_NUMBERS,
        "NOTIFICATION_TEST_NUMBERS": settings.NOTIFICATION_TEST_NUMBERS,
    }
    for name, numbers in given.items():
        if not all(map(_is_e164, numbers)):
            yield Error(
                f"{name} holds a number that is not written as we store them.",
                hint="Write + and the country code, without spaces, for example +919876543210.",
                id="notifications.E008",
            )


def _is_e164(number: str) -> bool:
    try:
        return e164(number) == number
    except BadPhone:
        return False


def _credentials() -> Iterator[CheckMessage]:
    api = APIS.get(settings.MYOPERATOR_API)
    missing = [name for name in (api.needs if api else ()) if not getattr(settings, name)]
    if missing:
        yield Error(
            f"MyOperator cannot be used without {', '.join(missing)}.",
            hint="Set what MyOperator's panel shows; .env.example explains each.",
            id="notifications.E009",
        )
    if api is None or not api.needs:
        yield Error(
            f"MYOPERATOR_API={settings.MYOPERATOR_API!r} sends to nobody.",
            hint=f"Use {' or '.join(name for name, api in APIS.items() if api.needs)} in production.",
            id="notifications.E010",
        )


def _addresses() -> Iterator[CheckMessage]:
    address = _base_url()
    if settings.SANDBOX or (address and address.hostname in ("127.0.0.1", "localhost", "::1")):
        yield Error(
            "Messages go to the sandbox on this machine, and reach nobody.",
            hint="Set SANDBOX=false and MYOPERATOR_BASE_URL to MyOperator's address.",
            id="notifications.E011",
        )
    elif address and address.scheme == "http":
        yield Error(
            "MYOPERATOR_BASE_URL is not an https address: the credentials would travel in the open.",
            hint=f"Use {settings.MYOPERATOR_REAL_URL}.",
            id="notifications.E012",
        )


def _secrets() -> Iterator[CheckMessage]:
    if any(len(secret) < SHORTEST_SECRET for secret in settings.MYOPERATOR_WEBHOOK_SECRETS):
        yield Warning(
            "A secret in MYOPERATOR_WEBHOOK_SECRETS is short enough to be guessed.",
            hint=f"Use at least {SHORTEST_SECRET} characters of `openssl rand -hex 32`.",
            id="notifications.W001",
        )


def _pretence() -> Iterator[CheckMessage]:
    if settings.EARLYBIRD_CLOCK_FILE:
        yield Error(
            "EARLYBIRD_CLOCK_FILE moves the clock, and with it every message.",
            hint="It is for `make faults` only: leave it out.",
            id="notifications.E005",
        )
    if not settings.EARLYBIRD_NOTIFY:
        yield Error(
            "EARLYBIRD_NOTIFY is off: orders, deliveries and payments tell nobody.",
            hint="It is for `make bench` only: leave it out.",
            id="notifications.E013",
        )
    if settings.NOTIFICATION_ALLOWED_NUMBERS:
        yield Warning(
            "NOTIFICATION_ALLOWED_NUMBERS limits who gets messages.",
            hint="Right for staging; leave it out in the shop.",
            id="notifications.W002",
        )

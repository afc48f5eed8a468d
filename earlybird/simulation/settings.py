"""Settings under which a simulation runs: nobody is reached, nothing waits for a pace, the numbers of the rules."""

import contextlib
from collections.abc import Iterator

from django.conf import settings

RULES = {
    "MYOPERATOR_API": "memory",
    "MYOPERATOR_RATE_LIMIT": 100_000.0,
    "NOTIFICATION_ALLOWED_NUMBERS": [],
    "NOTIFICATION_REMINDER_HOURS": "07:00-21:00",
    "NOTIFICATION_MARKETING_HOURS": "10:00-20:00",
    "NOTIFICATION_LAST_CALL": "22:00",
    "EARLYBIRD_NOTIFY": True,
    "CHURN_DAYS": 14,
    "BILL_DUE_DAYS": 10,
    "BILL_REMINDER_DAYS": [-3, 0, 3, 7],
}


@contextlib.contextmanager
def rules_as_written() -> Iterator[None]:
    """Whatever this shop has set. Before the process has sent anything: an engine keeps its provider."""
    before = {name: getattr(settings, name) for name in RULES}
    try:
        for name, value in RULES.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)

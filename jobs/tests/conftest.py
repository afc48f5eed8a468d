"""Days and moments in India, and a shop with a single job."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from jobs import registry
from jobs.registry import DailyJob

IST = ZoneInfo("Asia/Kolkata")
DAY = date(2026, 11, 22)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), IST)


@pytest.fixture
def ran(monkeypatch):
    """The days that the only job there is, due at 21:00, was done for."""
    days: list[date] = []

    def run(day, progress):
        days.append(day)
        progress(1, 1)
        return f"done for {day}"

    monkeypatch.setattr(registry, "_jobs", {})
    registry.register(DailyJob("nightly", "Nightly", "Every night.", time(21), run))
    return days

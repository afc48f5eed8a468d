"""Fixtures for every test: the embedded servers, and a provider that cannot reach anybody."""

import os

import pytest

from earlybird import embedded

os.environ.setdefault("MYOPERATOR_API", "memory")
os.environ.setdefault("NOTIFICATION_REMINDER_HOURS", "00:00-00:00")
os.environ.setdefault("NOTIFICATION_MARKETING_HOURS", "00:00-00:00")
os.environ.setdefault("MYOPERATOR_RATE_LIMIT", "100000")

if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
    embedded.ensure(postgres=not os.environ.get("DATABASE_URL"), redis=not os.environ.get("REDIS_URL"))


@pytest.fixture(autouse=True)
def memory_provider():
    """The memory provider starts every test empty and accepting."""
    from notifications.providers import memory

    memory.reset()
    yield memory
    memory.reset()

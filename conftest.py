"""Fixtures for every test: the embedded servers, and a provider that cannot reach anybody."""

import os

import pytest
from django.conf import settings
from django.db import connection

from earlybird import embedded
from earlybird.tests import emptying

SETTINGS = {
    "MYOPERATOR_API": "memory",
    "NOTIFICATION_REMINDER_HOURS": "00:00-00:00",
    "NOTIFICATION_MARKETING_HOURS": "00:00-00:00",
    "MYOPERATOR_RATE_LIMIT": 100_000.0,
}
for name, value in SETTINGS.items():
    os.environ[name] = str(value)  # for what tests start
    # pytest-django has read the settings before this file: without this, tests would ask the real MyOperator.
    setattr(settings, name, value)
# A password is made slow to guess on purpose; hundreds of tests sign somebody in.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
    embedded.ensure(postgres=not os.environ.get("DATABASE_URL"), redis=not os.environ.get("REDIS_URL"))

emptying.quickly()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Threads that tests started may hold their connections to the end: then the database could not be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def memory_provider():
    """The memory provider starts every test empty and accepting, and this process's engine with few slots."""
    from notifications.engine import process
    from notifications.providers import memory

    memory.reset()
    for engine in process._engines.values():
        engine.slots.narrow()
    yield memory
    memory.reset()


@pytest.fixture(autouse=True)
def counted_anew():
    """Every test begins with the whole rate of the API."""
    from rest import limits

    limits.forget()

"""The migration to finer buckets: what was counted by the old ones is counted anew, from the log."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from notifications import statistics
from notifications.models import StatusChange, StatusCount
from notifications.models.statistics import BUCKETS
from notifications.tests.statistics.conftest import TODAY, rolled_up, stands

pytestmark = pytest.mark.django_db
migration = import_module("notifications.migrations.0019_finer_buckets")


def run(change):
    with connection.schema_editor() as editor:
        change(apps, editor)


@pytest.fixture
def right():
    """Two messages sent, one not; their counts."""
    stands("sent", took=0.3, cost="0.13")
    stands("read", took=40)
    stands("queued")
    statistics.recount(TODAY)
    return rolled_up()


def test_its_bounds_are_those_of_the_models():
    assert migration.NEW == BUCKETS


def test_old_buckets_counted_or_pending_become_new_ones(right):
    StatusCount.objects.filter(status="took").delete()
    StatusCount.objects.create(
        day=TODAY, kind="test_news", status="took", bucket=2, count=1, milliseconds=300
    )
    StatusChange.objects.create(
        day=TODAY, kind="test_news", status="took", bucket=8, count=1, milliseconds=40000
    )
    run(migration.Migration.operations[0].code)

    assert rolled_up() == right


def test_it_can_be_run_again(right):
    run(migration.Migration.operations[0].code)
    run(migration.Migration.operations[0].code)

    assert rolled_up() == right


def test_back_to_the_old_version_the_old_buckets_return(right):
    run(migration.Migration.operations[0].reverse_code)

    assert {bucket for _, _, status, bucket in rolled_up() if status == "took"} == {2, 8}

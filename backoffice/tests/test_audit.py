"""The audit trail: who did what to which row, in words."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User

from backoffice import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def chitra():
    return User.objects.create_superuser("chitra")


@pytest.fixture
def groups():
    """A function: so many rows."""
    return lambda count: [Group.objects.create(name=f"group {n}").pk for n in range(count)]


def kept():
    return [
        (entry.object_id, entry.object_repr, entry.get_change_message()) for entry in LogEntry.objects.all()
    ]


def test_an_act_on_a_row_is_kept_with_who_and_what(chitra):
    row = Group.objects.create(name="Night shift")
    audit.note(chitra, row, "Woken up.")

    assert kept() == [(str(row.pk), "Night shift", "Woken up.")]
    assert LogEntry.objects.get().user == chitra


def test_an_act_on_a_few_rows_is_in_the_history_of_each(chitra, groups):
    ids = groups(3)
    audit.note_many(chitra, Group, "Woken up.", ids)

    assert sorted(kept()) == [(str(pk), f"group {n}", "Woken up.") for n, pk in enumerate(ids)]


def test_an_act_on_many_rows_is_one_entry_with_their_count_and_the_first_ids(chitra, groups):
    ids = groups(audit.MOST_NAMED + 10)
    audit.note_many(chitra, Group, "Woken up.", ids)

    ((pk, what, words),) = kept()
    assert (pk, what) == (None, "60 groups")
    assert words.startswith(f"Woken up. Ids: {ids[0]}, {ids[1]}, ")
    assert words.endswith(f", {ids[audit.MOST_NAMED - 1]} and 10 more.")


def test_an_act_on_no_row_leaves_nothing(chitra):
    audit.note_many(chitra, Group, "Woken up.", [])

    assert kept() == []


def test_numbers_do_not_get_into_the_trail(chitra):
    row = Group.objects.create(name="+919876543210")
    audit.note(chitra, row, "Called 98765 43210.")

    assert kept() == [(str(row.pk), "+91••••••3210", "Called ••••••3210.")]

"""The groups and their rights, after each `migrate`: only then are there permissions to give."""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.db import DEFAULT_DB_ALIAS, transaction

from earlybird.desk.groups import GROUPS, rights_of


def give(using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **_: Any) -> None:
    """Make the groups a new shop begins with, and give each what `groups` names and it was never given.

    `apps` is as migrated: where our own migration was taken back, nothing is given.
    """
    try:
        apps.get_model("earlybird", "GivenRight")
    except LookupError:
        return
    with transaction.atomic(using=using):
        for name in GROUPS:
            _give(name, using)


def _give(name: str, using: str) -> None:
    from django.contrib.auth.models import Group

    from earlybird.models import GivenRight

    given = set(GivenRight.objects.using(using).filter(group=name).values_list("right", flat=True))
    new = {right: row for right, row in _permissions(using).items() if right in rights_of(name) - given}
    groups = Group.objects.using(using)
    if new and not given:
        groups.get_or_create(name=name)
    if new and (group := groups.filter(name=name).first()):
        group.permissions.add(*new.values())
    rows = [GivenRight(group=name, right=right) for right in new]
    GivenRight.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def _permissions(using: str) -> dict[str, Any]:
    from django.contrib.auth.models import Permission

    rows = Permission.objects.using(using).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}

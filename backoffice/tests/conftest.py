"""An act on nothing but numbers: what it was done to is kept here, and rolled back with the act."""

import pytest
from django.contrib.auth.models import Group, User

from backoffice import act_kinds, acts
from backoffice.acts import Kind
from backoffice.tally import Outcome


class Paint:
    """Paints rows of a table (Django's groups, which are rows like any other); odd numbers take no paint."""

    def __init__(self) -> None:
        self.breaks_at: int | None = None
        self.calls: list[list[int]] = []

    def foresee(self, ids):
        good = [pk for pk in ids if pk % 2 == 0]
        return Outcome(good, {pk: "It is odd." for pk in ids if pk % 2})

    def do(self, ids, by, why):
        self.calls.append(list(ids))
        Group.objects.bulk_create(Group(name=f"row {pk}") for pk in ids)
        if self.breaks_at is not None and self.breaks_at in ids:
            raise self.breaks_with
        return Outcome(list(ids))

    breaks_with: Exception = ValueError("no paint")


@pytest.fixture
def paint(monkeypatch):
    paint = Paint()
    monkeypatch.setattr(act_kinds, "_kinds", {})
    acts.register(
        Kind(
            "paint", "Paint", "painted", "painted", "notifications.change_message", lambda tally: [],
            lambda pk: (f"row {pk}", f"/{pk}"), paint.do, paint.foresee,
        )
    )  # fmt: skip
    monkeypatch.setattr(acts, "CHUNK", 10)
    monkeypatch.setattr(acts, "LOOKED_AT_ONCE", 40)
    return paint


@pytest.fixture
def nudges(monkeypatch):
    sent = []
    monkeypatch.setattr(acts.NUDGER, "nudge", lambda: sent.append(1))
    return sent


@pytest.fixture
def chitra(db):
    return User.objects.create_superuser("chitra")


def painted() -> list[int]:
    names = Group.objects.filter(name__startswith="row ").values_list("name", flat=True)
    return sorted(int(name.removeprefix("row ")) for name in names)

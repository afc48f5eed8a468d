"""The audit trail: Django's own log of the admin, for what happens outside its forms too. Numbers in it are masked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from backoffice.masking import masked_in

FEW = 20  # rows that get an entry each, so that each one's history shows it; of more, one entry tells
MOST_NAMED = 50  # ids in that one entry


def note(user: Any, row: Model, words: str) -> None:
    """Keep that this user did something to a row, in a sentence. Belongs in the transaction that does it."""
    LogEntry.objects.create(**_kept(user, type(row), words), object_id=row.pk, object_repr=_name(str(row)))


def note_many(user: Any, model: type[Model], words: str, ids: Collection[Any]) -> None:
    """The same for an act on many rows (`ids`): an entry each for a few, one entry with the count for more."""
    if len(ids) > FEW:
        named = ", ".join(map(str, list(ids)[:MOST_NAMED]))
        more = f" and {len(ids) - MOST_NAMED:,} more" if len(ids) > MOST_NAMED else ""
        return note_about(user, model, f"{words} Ids: {named}{more}.", f"{len(ids):,} {_plural(model)}")
    kept = _kept(user, model, words)
    rows = model._default_manager.filter(pk__in=ids).order_by("pk")
    LogEntry.objects.bulk_create(
        LogEntry(**kept, object_id=row.pk, object_repr=_name(str(row))) for row in rows
    )


def note_about(user: Any, model: type[Model], words: str, what: str = "") -> None:
    """The same for what is done to no row that can be named; `what`: to what then, else the model's name."""
    LogEntry.objects.create(**_kept(user, model, words), object_repr=_name(what or _plural(model)))


def sentence(done: str) -> str:
    """`marked as delivered` as a sentence of its own."""
    return f"{done[:1].upper()}{done[1:]}."


def _kept(user: Any, model: type[Model], words: str) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return {
        "user_id": user.pk,
        "content_type": kind,
        "action_flag": CHANGE,
        "change_message": masked_in(words),
    }


def _name(words: str) -> str:
    return masked_in(words)[:200]


def _plural(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)

"""How the approved templates stand, fetched from MyOperator: by schedule, by button, by `manage.py sync_templates`."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from notifications import approved, engine, storable
from notifications.engine import waiting
from notifications.models import ApprovedTemplate, MessageTemplate
from notifications.providers.base import Failure, Listed, Listing, NotNow

logger = logging.getLogger(__name__)

_NAMED = ("name", "language")
_KEPT = (
    "category", "category_was", "status", "quality", "reason", "body", "components", "provider_id",
    "synced_at", "gone",
)  # fmt: skip

_TEXTS = {
    name: ApprovedTemplate._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in (*_NAMED, "category", "status", "quality", "reason", "provider_id")
}


class Synced(NamedTuple):
    """What a sync found. `released` messages waited for it."""

    listed: int
    gone: int
    released: int
    warnings: list[str]


def sync(now: datetime) -> Synced | None:
    """Fetch all templates, keep how they stand, and let go what waited. None where none are needed.

    Raises a `providers.base.Failure`, and then nothing is changed.
    """
    if not approved.in_force():
        waiting.release_unasked(now)
        return None
    listing = engine.listed_templates()
    if not listing.templates and ApprovedTemplate.objects.filter(gone=False).exists():
        raise NotNow("MyOperator lists no template at all. Check MYOPERATOR_WABA_ID.", "no_templates")
    with transaction.atomic():
        warnings = _keep(listing.templates, now)
        gone = _miss(listing, now)
        _adopt()
    for words in warnings:
        logger.warning(words)
    # In transactions of its own: whoever records an answer has messages locked before it pauses a template.
    return Synced(len(listing.templates), gone, waiting.release(now), warnings)


def sync_by_schedule(now: datetime) -> None:
    """Sync, and where it fails say so in a line: the next one is not far."""
    try:
        sync(now)
    except Failure as failure:
        logger.warning("the approved templates could not be fetched: %s", failure.words)


def last_synced() -> datetime | None:
    """When MyOperator was asked last, with success."""
    return ApprovedTemplate.objects.order_by("-synced_at").values_list("synced_at", flat=True).first()


def _keep(templates: Sequence[Listed], now: datetime) -> list[str]:
    """Store them; returns what staff should know."""
    before = {(t.name, t.language): t for t in ApprovedTemplate.objects.select_for_update().order_by("pk")}
    fresh = {(row.name, row.language): row for row in (_row(listed, now) for listed in templates)}
    warnings = [words for key, row in fresh.items() if (words := _compared(row, before.get(key)))]
    ApprovedTemplate.objects.bulk_create(
        fresh.values(), update_conflicts=True, unique_fields=_NAMED, update_fields=_KEPT
    )
    return warnings


def _row(listed: Listed, now: datetime) -> ApprovedTemplate:
    """As the columns take it, whatever MyOperator wrote."""
    texts = {name: storable.plain(getattr(listed, name), longest) for name, longest in _TEXTS.items()}
    return ApprovedTemplate(
        **texts,
        body=storable.plain(listed.body, 4096),
        components=json.loads(storable.dumps(list(listed.components))),
        synced_at=now,
    )


def _compared(row: ApprovedTemplate, before: ApprovedTemplate | None) -> str:
    """Remember the category a template had; a change of it may cost, and is told."""
    if before is None:
        return ""
    row.category_was = before.category_was if row.category == before.category else before.category
    if (before.category, row.category) == ("utility", "marketing"):
        return (
            f"WhatsApp made {row} marketing: 6.6 times the price, and a limit on how many reach one person."
        )
    return ""


def _miss(listing: Listing, now: datetime) -> int:
    """Mark what is listed no more. A list that broke off says nothing of what it lacks."""
    if not listing.complete:
        logger.warning(
            "MyOperator's list of templates broke off or changed while it was read, after %d.",
            len(listing.templates),
        )
        return 0
    return ApprovedTemplate.objects.filter(gone=False).exclude(synced_at=now).update(gone=True)


def _adopt() -> None:
    """Texts whose newly named template has been approved go by it from now on."""
    for text in MessageTemplate.objects.select_for_update().exclude(approved_name="").order_by("pk"):
        if text.adopt():
            MessageTemplate.objects.filter(pk=text.pk).update(in_use=text.in_use)
            logger.info(
                "the text %s goes by %s (%s)",
                text,
                text.approved_name,
                text.approved_language or text.language,
            )

"""In which form a message may go where WhatsApp asks for approved templates, or why it has to wait.

The template first: it may be sent at any time. The plain text only within 24 hours of what the customer wrote last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from notifications.models import ApprovedTemplate, MessageTemplate
from notifications.models.approved import APPROVED
from notifications.models.conversation import WINDOW
from notifications.models.lease import Claimed
from notifications.providers.base import Template

# What is on its way when the window closes is refused for good (131047).
MARGIN = timedelta(minutes=1)


def template_of(row: Claimed) -> Template | None:
    """The template it goes by; None: it goes as text."""
    if row.approved is None or row.template_standing != APPROVED:
        return None
    return Template(row.approved["name"], row.approved["language"], row.approved["values"])


def may_go(row: Claimed, now: datetime) -> bool:
    """Whether it has a form to go in now."""
    heard = row.last_received_at
    in_window = heard is not None and heard + WINDOW - MARGIN > now
    return template_of(row) is not None or in_window


def reasons(rows: Iterable[Claimed]) -> Mapping[int, str]:
    """Why these wait, by message id, for staff."""
    rows = list(rows)
    texts = MessageTemplate.objects.filter(kind__in={row.kind for row in rows})
    named = {(text.kind, text.language): text.named for text in texts}
    known = {(t.name, t.language): t for t in ApprovedTemplate.objects.filter(name__in=_names(rows))}
    return {row.message_id: _reason(row, named, known) for row in rows}


def _names(rows: Iterable[Claimed]) -> set[str]:
    return {row.approved["name"] for row in rows if row.approved}


def _reason(
    row: Claimed,
    named: Mapping[tuple[str, str], Mapping[str, str] | None],
    known: Mapping[tuple[str, str], ApprovedTemplate],
) -> str:
    if row.approved is None and row.is_test:
        return "Words that are not approved go only within 24 hours of what their phone wrote to us."
    if row.approved is None:
        wanted = named.get((row.kind, row.language))
        if not wanted:
            return f"The text {row.kind} ({row.language}) names no approved template."
        return f"MyOperator does not list {wanted['name']} ({wanted['language']})."
    template = known.get((row.approved["name"], row.approved["language"]))
    label = f"{row.approved['name']} ({row.approved['language']})"
    return f"{label} is {template.standing}." if template else f"MyOperator does not list {label}."

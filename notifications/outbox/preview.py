"""What would become of messages, without recording any: for whoever wants to know before they start."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from notifications import cost, registry, templating
from notifications.clock import now as clock_now
from notifications.formats import CannotWrite
from notifications.models import MessageKey, Status
from notifications.outbox.compose import Draft, Item, Writer
from notifications.outbox.lookup import Text, look_up
from notifications.sandbox.marks import as_html

CHUNK = 1000


def preview(kind: str, items: Iterable[Item]) -> Counter[str]:
    """How many of these would be queued (""), and how many not, by the code of the reason.

    Each is written as `queue_many` would write it, in chunks. `known`: its key was used already.
    """
    iterator, found = iter(items), Counter[str]()
    while chunk := list(itertools.islice(iterator, CHUNK)):
        drafts = Writer(kind, chunk, clock_now()).drafts()
        known = _known(drafts)
        found.update("known" if draft.key in known else _code(draft) for draft in drafts)
    return found


class Wording(NamedTuple):
    """A kind's text in one language with some values, as the phone shows it; or why nobody gets it."""

    language: str  # its own name for itself
    shown: SafeString
    fault: str


def wordings(kind: str, variables: Mapping[str, object]) -> list[Wording]:
    """How a kind reads with these values, in each language that it has a text in, English first."""
    texts, _ = look_up(kind, ())
    return [
        _wording(kind, texts[code], name, variables) for code, name in registry.LANGUAGES if code in texts
    ]


def _wording(code: str, text: Text, language: str, variables: Mapping[str, object]) -> Wording:
    kind = registry.get(code)
    try:
        words = templating.render(text.content, variables, kind.variable_kinds if kind else {}, text.language)
    except CannotWrite as error:
        return Wording(language, mark_safe(""), str(error))
    fault = "" if text.active else "This text is switched off: who reads it gets nothing."
    return Wording(language, mark_safe(as_html(words)), fault)  # noqa: S308 (escaped by as_html)


def price(kind: str) -> Decimal:
    """Rupees for one message of this kind that MyOperator accepts."""
    return cost.price(kind)


def _known(drafts: list[Draft]) -> set[str]:
    keys = [draft.key for draft in drafts if draft.key]
    return set(MessageKey.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _code(draft: Draft) -> str:
    return "" if draft.status == Status.QUEUED else draft.code

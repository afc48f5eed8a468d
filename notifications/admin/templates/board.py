"""The list of texts by kind: in which languages there is one, and which are missing."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from notifications import registry, timeline
from notifications.admin.templates.tabs import Tab, tabs
from notifications.models import MessageTemplate


class Row(NamedTuple):
    """One kind. `others`: languages in which no kind has a text yet, so that nobody misses this one's."""

    kind: registry.MessageKind
    beginning: str
    tabs: list[Tab]
    others: list[Tab]
    changed: str

    @property
    def gaps(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.state in ("missing", "nothing")]

    @property
    def off(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.state == "off"]


def rows() -> list[Row]:
    """Every kind, with those of its languages that the shop writes in. One query."""
    of_kind: defaultdict[str, list[MessageTemplate]] = defaultdict(list)
    spoken = {"en"}
    for text in MessageTemplate.objects.select_related("updated_by"):
        of_kind[text.kind].append(text)
        spoken.add(text.language)
    return [_row(kind, of_kind[kind.code], spoken) for kind in registry.kinds()]


def _row(kind: registry.MessageKind, texts: list[MessageTemplate], spoken: set[str]) -> Row:
    every = tabs(kind.code, texts)
    english = next((text.content for text in texts if text.language == "en"), "")
    first, _, rest = english.partition("\n")
    return Row(
        kind,
        f"{first[:89]}…" if rest or len(first) > 90 else first,
        [tab for tab in every if tab.code in spoken],
        [tab for tab in every if tab.code not in spoken],
        _changed(texts),
    )


def _changed(texts: list[MessageTemplate]) -> str:
    if not texts:
        return ""
    last = max(texts, key=lambda text: text.updated_at)
    by = f" by {last.updated_by.get_username()}" if last.updated_by else ""
    return f"{last.get_language_display()} changed {timeline.when(last.updated_at)}{by}"

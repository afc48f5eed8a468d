"""The languages of a kind: which there are, which are off, which are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from notifications import registry
from notifications.models import MessageTemplate

WORDS = {
    "on": "",
    "off": "switched off: nothing is sent",
    "missing": "no text yet: English is sent",
    "nothing": "no text yet: nothing is sent",
}


class Tab(NamedTuple):
    """One language. state: `on`, `off`, `missing`, or `nothing` where there is no English to fall back on."""

    code: str
    name: str
    state: str
    address: str

    @property
    def words(self) -> str:
        return WORDS[self.state]


def tabs(kind: str, texts: Iterable[MessageTemplate] | None = None) -> list[Tab]:
    """Every language, with the address where its text is changed or added. texts: those of this kind, if at hand."""
    found = MessageTemplate.objects.filter(kind=kind) if texts is None else texts
    there = {text.language: text for text in found}
    return [_tab(kind, code, name, there) for code, name in registry.LANGUAGES]


def _tab(kind: str, code: str, name: str, there: dict[str, MessageTemplate]) -> Tab:
    text = there.get(code)
    if text is None:
        state = "missing" if "en" in there else "nothing"
        return Tab(code, name, state, f"{_page('add')}?{urlencode({'kind': kind, 'language': code})}")
    return Tab(code, name, "on" if text.active else "off", _page("change", text.pk))


def _page(name: str, *args: int) -> str:
    return reverse(f"admin:notifications_messagetemplate_{name}", args=args)

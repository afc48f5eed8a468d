"""What a change of a kind's variables does to the texts that use them: no text is broken by somebody's tidying up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from babel import Locale

from notifications import templating
from notifications.formats import CannotWrite, written
from notifications.models.template import MessageTemplate

Variables = Sequence[Mapping[str, str]]


class Touched(NamedTuple):
    """A text that a change touches, in words for staff. Where it does not break, it only reads differently.

    variable: its name; empty where it is the text as a whole
    """

    variable: str
    words: str
    breaks: bool


def in_words(language: str) -> str:
    """A language in English: `Hindi`."""
    return Locale.parse(language).english_name or language


def touched(code: str, before: Variables, after: Variables) -> list[Touched]:
    """The texts of the kind that this change breaks, or makes read differently."""
    if [_core(one) for one in before] == [_core(one) for one in after]:
        return []
    old, new = ({one["name"]: one for one in variables} for variables in (before, after))
    texts = MessageTemplate.objects.filter(kind=code).order_by("pk")
    return [one for text in texts for one in _of_text(text, old, new)]


def _core(variable: Mapping[str, str]) -> tuple[str, str, str]:
    return variable["name"], variable["kind"], variable["sample"]


def _of_text(
    text: MessageTemplate, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[Touched]:
    language = in_words(text.language)
    used = _used(text) & old.keys()
    gone = sorted(used - new.keys())
    for name in gone:
        yield Touched(
            name, f"The {language} text uses {{{{{name}}}}}. Take it out of that text first.", breaks=True
        )
    if not gone and not _fault(text, old) and (why := _fault(text, new)):
        yield Touched("", f"The {language} text could not be written any more: {why}", breaks=True)
    for name in sorted(used & new.keys()):
        if old[name]["kind"] != new[name]["kind"]:
            yield Touched(name, _reread(language, text.language, old[name], new[name]), breaks=False)


def _reread(language: str, code: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    name, sample = old["name"], old["sample"]
    now, then = (written(name, sample, kind, code) for kind in (old["kind"], new["kind"]))
    return f"The {language} text uses {{{{{name}}}}}: where it reads “{now}” now, it would read “{then}”."


def _used(text: MessageTemplate) -> set[str]:
    """What it mentions, and what goes into the placeholders of its approved template, named or in use."""
    in_use = (text.in_use or {}).get("placeholders") or {}
    mapped = {*text.placeholders.values(), *in_use.values()}
    try:
        return mapped | templating.used(text.content)
    except CannotWrite:  # it was broken before
        return mapped


def _fault(text: MessageTemplate, variables: Mapping[str, Mapping[str, str]]) -> str:
    """Why it cannot be written with these variables' samples, or an empty text."""
    kinds = {name: one["kind"] for name, one in variables.items()}
    samples = {name: one["sample"] for name, one in variables.items()}
    try:
        templating.check(text.content, kinds)
        templating.render(text.content, samples, kinds, text.language)
    except CannotWrite as error:
        return str(error)
    return ""

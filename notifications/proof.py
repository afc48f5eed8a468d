"""A text as it would look, before anybody saves it: filled with samples, counted, and with what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from notifications import linter, registry, templating
from notifications.formats import LIMIT, CannotWrite

SHOWN = 2 * LIMIT  # characters of a bubble that is too long anyway

_MARKED = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^\n]*?%\}|\s+|[^\s{}]+|.", re.DOTALL)


class Fault(NamedTuple):
    """Something at a place: line and column count from 1, `length` in characters, never past the line's end.

    `is_error`: it cannot be saved so. Otherwise WhatsApp would dislike it.
    """

    line: int
    column: int
    length: int
    message: str
    remedy: str
    is_error: bool


class Proof(NamedTuple):
    """`text` is None where nothing can be made of the source. `filled` counts as WhatsApp does, None likewise."""

    text: str | None
    filled: int | None
    source: int
    faults: list[Fault]

    @property
    def error(self) -> Fault | None:
        return next((fault for fault in self.faults if fault.is_error), None)


def samples(kind: registry.MessageKind | None) -> dict[str, object]:
    """The sample of each variable, by name."""
    return {variable.name: variable.sample for variable in kind.variables} if kind else {}


def proof(source: str, kind: registry.MessageKind | None, language: str) -> Proof:
    """Of a text that may be anything at all. kind None: any variable may be used, and none has a sample.

    Raises nothing.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    text, error = _filled(source, kind, language)
    is_long = error is not None and text is not None  # of which the linter would tell once more
    warnings = [one for one in _warnings(source, kind) if not (is_long and one.length == 0)]
    faults = [error, *warnings] if error else warnings
    return Proof(text and text[:SHOWN], None if text is None else len(text), len(source), faults)


def _filled(source: str, kind: registry.MessageKind | None, language: str) -> tuple[str | None, Fault | None]:
    kinds: Mapping[str, str] = kind.variable_kinds if kind else {}
    try:
        templating.check(source, kinds if kind else None)
        text = templating.fill(source, samples(kind), kinds, language)
    except CannotWrite as error:
        return None, _error(source, error)
    try:
        templating.render(source, samples(kind), kinds, language)
    except CannotWrite as error:
        return text or None, _error(source, error)
    return text, None


def _error(source: str, error: CannotWrite) -> Fault:
    """At its line; at the name there that it names, if it names one."""
    why = error.why if isinstance(error, templating.BadTemplate) else str(error)
    number = error.line if isinstance(error, templating.BadTemplate) else 1
    lines = source.split("\n")
    line = lines[min(number, len(lines)) - 1]
    named = re.search(r"`([^`]+)`", why)
    if named and (found := re.search(rf"(?<!\w){re.escape(named[1])}(?!\w)", line)):
        return Fault(number, found.start() + 1, len(named[1]), _sentence(why), "", True)
    is_of_line = isinstance(error, templating.BadTemplate) and not isinstance(error, templating.BadText)
    return Fault(number, 1, len(line) if is_of_line else 0, _sentence(why), "", True)


def _warnings(source: str, kind: registry.MessageKind | None) -> list[Fault]:
    if len(source) > templating.LONGEST:
        return []
    return [_warning(source, found) for found in linter.lint(source, kind.category if kind else "utility")]


def _warning(source: str, found: linter.Finding) -> Fault:
    """What is too long is so from a place on: there is nothing to underline."""
    line = source.split("\n")[found.line - 1]
    marked = None if found.message.startswith("The text has") else _MARKED.match(line, found.column - 1)
    return Fault(
        found.line, found.column, len(marked[0]) if marked else 0, found.message, found.remedy, False
    )


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}{'' if why.endswith(('.', '?')) else '.'}"

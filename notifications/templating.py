"""Staff's texts, rendered safely: Jinja2 in its sandbox, behind the whitelist of `grammar`.

Values are never read as templates, nothing is escaped (WhatsApp is plain text), and a text is compiled once.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from notifications import diagnosis, grammar
from notifications.formats import LIMIT, UNSENDABLE, CannotWrite
from notifications.grammar import KNOWN_FILTERS
from notifications.values import Missing, NotGiven, Value

__all__ = [
    "KNOWN_FILTERS",
    "BadTemplate",
    "BadText",
    "MissingVariable",
    "check",
    "compiled",
    "fill",
    "render",
    "used",
]

LONGEST = 4096  # characters of source


class BadTemplate(CannotWrite):
    """A text that staff must change before it can be used. `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line}: {why}{'' if why.endswith('?') else '.'}")
        self.line = line
        self.why = why


class MissingVariable(CannotWrite):
    """The text needs a variable nobody gave. `variable` names it, `nearest` the closest given, or None."""

    def __init__(self, variable: str, given: Iterable[str]) -> None:
        keys = [key for key, _ in zip(given, range(200), strict=False) if isinstance(key, str)]
        self.variable = variable
        self.nearest = _nearest(variable, keys)
        hint = (
            f"the nearest given is `{self.nearest}`"
            if self.nearest
            else f"given: {', '.join(keys[:10]) or 'none'}"
        )
        super().__init__(f"`{variable}` is missing; {hint}.")


class BadText(BadTemplate):
    """What the values made of the text is empty, or longer than WhatsApp takes. No one line is at fault."""

    def __init__(self, why: str) -> None:
        CannotWrite.__init__(self, why)
        self.line = 1
        self.why = why


class Compiled(NamedTuple):
    template: Template
    lines: Mapping[str, int]  # variable → the line that uses it first


def check(source: str, variables: Collection[str] | None) -> None:
    """Raise BadTemplate where a text cannot be rendered, or uses another variable than these (None: any)."""
    lines = compiled(source).lines
    for name, line in sorted(lines.items(), key=lambda item: item[1]):
        if variables is not None and name not in variables:
            near = _nearest(name, variables)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(variables) or 'none'}"
            raise BadTemplate(line, f"there is no variable `{name}`; {hint}")


@lru_cache(maxsize=1024)
def compiled(source: str) -> Compiled:
    """A text ready to render, at most LONGEST characters. Raises BadTemplate."""
    tree = _parsed(source)
    for line, why in sorted(grammar.faults(tree)):
        raise BadTemplate(line, why)
    # Not before: a thousand dots in a row parse well, and are deeper than a walk by recursion gets.
    lines = grammar.names(tree)
    return Compiled(_environment.from_string(tree), lines)


def used(source: str) -> frozenset[str]:
    """The variables a text mentions, in conditions too. Raises BadTemplate."""
    return frozenset(compiled(source).lines)


def render(source: str, values: Mapping[str, object], kinds: Mapping[str, str], language: str) -> str:
    """The message, 1 to LIMIT characters: as `fill`, and refused where WhatsApp would not take it (BadText)."""
    return _sendable(fill(source, values, kinds, language))


def fill(source: str, values: Mapping[str, object], kinds: Mapping[str, str], language: str) -> str:
    """The text with its values, of any length, for who wants to see it all the same.

    values: as given by JSON or Python; kinds: variable → kind of `formats` (text where it is not named).
    A variable may be missing where it is only a condition, or has a `default`.
    Raises BadTemplate, MissingVariable or BadValue, all CannotWrite.
    """
    text = compiled(source)
    context = {
        name: Value(name, values[name], kinds.get(name, "text"), language)
        for name in text.lines
        if name in values
    }
    try:
        return text.template.render(context)
    except Missing as error:
        raise MissingVariable(str(error), values) from None


def _parsed(source: str) -> nodes.Template:
    if len(source) > LONGEST:
        raise BadTemplate(1, f"the text is {len(source):,} characters long; at most {LONGEST:,} are kept")
    if not source.strip():
        raise BadTemplate(1, "the text is empty")
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    if bad := UNSENDABLE.search(lines):
        line = lines.count("\n", 0, bad.start()) + 1
        raise BadTemplate(line, f"a character that cannot be seen or sent (U+{ord(bad[0]):04X}); delete it")
    try:
        return _environment.parse(lines)
    except TemplateSyntaxError as error:
        raise BadTemplate(*diagnosis.explained(lines, error)) from None
    except RecursionError:
        raise BadTemplate(1, "the text is nested too deeply") from None


# A bubble of these is an empty bubble: spaces, joiners and marks, and letters that are drawn as nothing.
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]+"
)


def _sendable(message: str) -> str:
    if not _UNSEEN.sub("", message):
        raise BadText("With these values the text is empty.")
    if len(message) > LIMIT:
        raise BadText(
            f"With these values the text is {len(message):,} characters long; WhatsApp takes {LIMIT:,}."
        )
    return message


def _nearest(name: str, keys: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name, keys, 1, 0.5)), None)


def _make_environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=False, undefined=NotGiven, cache_size=0)
    environment.globals.clear()
    environment.filters = {name: FILTERS[name] for name in KNOWN_FILTERS}
    environment.tests = {"defined": TESTS["defined"]}
    return environment


_environment = _make_environment()

"""What was changed from one text to the next, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

FINE = 400  # words, or lines: to compare more takes their third power in time

_WORD = re.compile(r"\{\{[^{}]*\}\}|\{%.*?%\}|\w+|\s|.", re.DOTALL)  # a variable is one word


class Part(NamedTuple):
    """A stretch of text that stayed, is gone, or came."""

    what: Literal["same", "gone", "new"]
    words: str


def between(before: str, after: str) -> list[Part]:
    """The parts of both, in order; what is gone stands before what came in its place."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    ends = Part("same", "".join(old[:head])), Part("same", "".join(old[len(old) - tail :]))
    middle = _joined(_parts(old[head : len(old) - tail], new[head : len(new) - tail]))
    return [part for part in (ends[0], *middle, ends[1]) if part.words]


def _alike(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    if _are_many(old, new):
        old, new = "".join(old).splitlines(keepends=True), "".join(new).splitlines(keepends=True)
    if _are_many(old, new):
        old, new = ["".join(old)], ["".join(new)]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Part("gone", "".join(old[a:b]))
        if d > c:
            yield Part("new", "".join(new[c:d]))


def _are_many(old: list[str], new: list[str]) -> bool:
    return max(len(old), len(new)) > FINE


def _joined(parts: Iterator[Part]) -> list[Part]:
    """One space that stayed between two words that went is no help to a reader."""
    waiting: dict[Literal["gone", "new"], str] = {"gone": "", "new": ""}
    found: list[Part] = []
    for part in parts:
        if part.what == "same" and (part.words.strip(" ") or not any(waiting.values())):
            found += _flushed(waiting)
            found.append(part)
        elif part.what == "same":
            waiting["gone"] += part.words
            waiting["new"] += part.words
        else:
            waiting[part.what] += part.words
    return [*found, *_flushed(waiting)]


def _flushed(waiting: dict[Literal["gone", "new"], str]) -> list[Part]:
    gone, new = waiting["gone"], waiting["new"]
    waiting["gone"] = waiting["new"] = ""
    same_end = len(gone) - len(gone.rstrip(" ")) if gone and new and gone[-1] == new[-1] == " " else 0
    parts = [Part("gone", gone[: len(gone) - same_end]), Part("new", new[: len(new) - same_end])]
    return [part for part in (*parts, Part("same", " " * same_end)) if part.words]

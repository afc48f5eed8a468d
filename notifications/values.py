"""Variables inside a text: what they print, and what they are to an `if`."""

import operator
from collections.abc import Callable
from typing import Any, NoReturn

from jinja2 import Undefined

from notifications.formats import LIMIT, BadValue, written
from notifications.readings import comparable


class Missing(Exception):
    """A variable was printed that nobody gave; its name is the message."""


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[["Value", object], bool]:
    """A comparison that is false between things that have no order, such as a date and a word."""

    def method(self: "Value", other: object) -> bool:
        try:
            return bool(compare(self.meaning(), self.meaning_of(other)))
        except (TypeError, ArithmeticError):
            return False

    return method


class Value:
    """A variable that was given. `{% if amount > 500 %}` compares money, `{{ amount }}` prints it."""

    __slots__ = ("kind", "language", "name", "raw")

    def __init__(self, name: str, raw: object, kind: str, language: str) -> None:
        self.name, self.raw, self.kind, self.language = name, raw, kind, language

    def __str__(self) -> str:
        if isinstance(self.raw, str) and len(self.raw) > LIMIT:
            raise BadValue(self.name, f"is {len(self.raw):,} characters long; at most {LIMIT:,} can be sent")
        return written(self.name, self.raw, self.kind, self.language)

    def meaning(self) -> object:
        return comparable(self.raw, self.kind)

    def meaning_of(self, other: object) -> object:
        return comparable(other.raw if isinstance(other, Value) else other, self.kind)

    def __bool__(self) -> bool:
        return bool(self.meaning())

    __hash__ = None  # type: ignore[assignment]
    __eq__ = _comparison(operator.eq)
    __lt__ = _comparison(operator.lt)
    __le__ = _comparison(operator.le)
    __gt__ = _comparison(operator.gt)
    __ge__ = _comparison(operator.ge)


def _unordered(*_: object) -> bool:
    return False


class NotGiven(Undefined):
    """A variable nobody gave: false, unequal and unordered as a condition, an error where it is printed."""

    def __str__(self) -> NoReturn:
        raise Missing(self._undefined_name)

    __lt__ = __le__ = __gt__ = __ge__ = _unordered  # type: ignore[assignment]

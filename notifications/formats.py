"""Typed values as people read them, in their language."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from notifications import phones, readings
from notifications.registry import LANGUAGES

LIMIT = 1024  # characters in a WhatsApp body, so in any one value too

_CENT = Decimal("0.01")
_LANGUAGES = frozenset(code for code, _ in LANGUAGES)
_DAY_FIRST = {"pa": "d MMMM"}  # CLDR has the month first here, against its own short form and against use
_SCALARS = (str, int, float, Decimal, date, time)

_PAIRS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{2})+$)")
_NEWLINE = re.compile(r"\r\n?|[\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Controls (Postgres refuses NUL), halves of characters, and marks that turn the direction of what follows.
UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class CannotWrite(ValueError):
    """A message whose text cannot be made. Every error of `formats` and `templating` is one."""


class BadValue(CannotWrite):
    """A value that is nothing a person could read. `variable` names it."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"`{variable}` {why}.")
        self.variable = variable


def written(variable: str, value: object, kind: str, language: str) -> str:
    """One value as text of at most LIMIT characters.

    kind is `text`, `date`, `month`, `time`, `money`, `number` or `phone`; what does not read as that kind is
    passed through as text. An unknown language is English. Digits stay Latin. Times are India's.
    Raises BadValue for None, true/false, lists, objects, and numbers too large or not finite; for text only
    where it is money and says `NaN`, `Infinity` or the like.
    """
    if isinstance(value, bool) or not isinstance(value, _SCALARS):
        raise BadValue(variable, f"is {_named(value)}; give a text, a number or a date")
    try:
        typed = _WRITERS[kind](value, language) if kind in _WRITERS else None
        return clean(typed or _as_it_is(value, language))
    except (ArithmeticError, ValueError) as error:
        raise BadValue(variable, "is too large, or not a number") from error


def reads_as(value: object, kind: str) -> bool:
    """Whether a value reads as one of its kind. What does not is passed through as text."""
    try:
        return kind not in _WRITERS or _WRITERS[kind](value, "en") is not None
    except (ArithmeticError, ValueError):
        return False


def clean(text: str) -> str:
    """Text as WhatsApp and Postgres take it: no control but newline, no direction override, at most LIMIT."""
    if not text.isprintable():
        text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _NEWLINE.sub("\n", text))
        text = UNSENDABLE.sub("", text.replace("\t", " "))
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _named(value: object) -> str:
    names = {type(None): "empty (null)", bool: "true or false", list: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")


def _as_it_is(value: object, language: str) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return f"{readings.bounded(value):f}"
    return _date(value, language) or _time(value, language) or ""


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(value: object, language: str) -> str | None:
    day, words = readings.date_of(value), _words(language)
    return words.date.format(month=words.months[day.month - 1], day=day.day) if day else None


def _month(value: object, language: str) -> str | None:
    day, words = readings.month_of(value), _words(language)
    return words.month.format(month=words.months[day.month - 1], year=day.year) if day else None


def _time(value: object, language: str) -> str | None:
    at = readings.time_of(value)
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}" if at else None


def _money(value: object, language: str) -> str | None:
    if isinstance(value, str):
        readings.check_finite(value)
    amount = readings.number_of(value)
    return (
        None if amount is None else _grouped(f"{amount.quantize(_CENT, ROUND_HALF_UP):f}".removesuffix(".00"))
    )


def _number(value: object, language: str) -> str | None:
    number = readings.number_of(value)
    return None if number is None else _grouped(_plain(number))


def _grouped(plain: str) -> str:
    """`123456.50` the Indian way: `1,23,456.50`."""
    whole, dot, fraction = plain.removeprefix("-").partition(".")
    sign = "-" if plain.startswith("-") and plain.strip("-0.") else ""
    if len(whole) > 3:
        whole = f"{_PAIRS.sub(',', whole[:-3])},{whole[-3:]}"
    return f"{sign}{whole}{dot}{fraction}"


def _phone(value: object, language: str) -> str | None:
    try:
        number = phones.e164(str(value))
    except phones.BadPhone:
        return None
    return f"{number[:3]} {number[3:8]} {number[8:]}" if number.startswith("+91") else number


class _Words(NamedTuple):
    months: tuple[str, ...]
    date: str  # "{month} {day}" or the other way round
    month: str  # "{month} {year}"


@lru_cache(maxsize=64)
def _words(language: str) -> _Words:
    code = re.split("[-_]", language.lower())[0]
    locale = Locale.parse(code if code in _LANGUAGES else "en")
    names, skeletons = locale.months["format"]["wide"], locale.datetime_skeletons
    day = _DAY_FIRST.get(code) or str(skeletons["MMMMd"].pattern)
    month = str(skeletons["yMMMM"].pattern)
    return _Words(
        months=tuple(names[number] for number in range(1, 13)),
        date=day.replace("d", "{day}").replace("MMMM", "{month}"),
        month=month.replace("y", "{year}").replace("MMMM", "{month}"),
    )


_WRITERS: dict[str, Callable[[object, str], str | None]] = {
    "date": _date,
    "month": _month,
    "time": _time,
    "money": _money,
    "number": _number,
    "phone": _phone,
}
KINDS = ("text", *_WRITERS)

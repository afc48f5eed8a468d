"""What a value means: the number, date or time that a text, a JSON value or a Python object stands for.

Every `*_of` answers None where the value does not read as one. They raise ArithmeticError only where a number
or a moment is beyond all use: infinite, or past the calendar's end.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

_IST = timezone(timedelta(hours=5, minutes=30), "IST")  # India keeps no daylight saving
_MOST = Decimal(10) ** 15  # beyond this it is a mistake, and Decimal's precision with it
_PLACES = 12

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_PROGRAMS = re.compile(  # what a program wrote for a number, and nobody reads as one
    r"[+-]?(?:s?nan[0-9]*|inf(?:inity)?|(?:[0-9]+\.?[0-9]*|\.[0-9]+)e[+-]?[0-9]+)", re.ASCII | re.IGNORECASE
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}[0-9:.,+Zz-]*")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?")


def comparable(value: object, kind: str) -> object:
    """What a value is to an `if`: a Decimal, date or time where its kind says so and it reads as one."""
    reader = _READERS.get(kind)
    try:
        found = reader(value) if reader else None
    except ArithmeticError:
        return value
    return value if found is None else found


def bounded(value: float | Decimal) -> Decimal:
    """Any number, finite and below 10^15. A float keeps 15 digits. Raises ArithmeticError."""
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not abs(number) < _MOST:
        raise OverflowError
    # 1E-999999 is a small object, and a million characters when written out.
    is_short = -_PLACES <= int(number.as_tuple().exponent) <= 0
    return number if is_short else round(number, _PLACES).normalize()


def number_of(value: object) -> Decimal | None:
    """`450`, `-450.50`, 450, 450.5 or a Decimal. `1,234` and `₹450` read as text already, so: None."""
    if isinstance(value, str):
        text = value.strip()
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return bounded(value)


def check_finite(text: str) -> None:
    """Raise ArithmeticError for `NaN`, `Infinity` and `1e1000000`. Words and amounts of any form are fine."""
    if _PROGRAMS.fullmatch(text.strip()):
        bounded(Decimal(text.strip()))


def date_of(value: object) -> date | None:
    """`2026-02-01`, a date, or the Indian day of a moment."""
    if isinstance(value, datetime):
        return _local(value).date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else date_of(_stamp(text))
    except ValueError:  # 2026-02-30
        return None


def month_of(value: object) -> date | None:
    """`2026-11`, or any date in it; its first day where only the month is known."""
    is_month = isinstance(value, str) and _MONTH.fullmatch(value.strip())
    return date_of(f"{str(value).strip()}-01" if is_month else value)


def time_of(value: object) -> time | None:
    """`07:30`, `07:30:00`, a time, or the Indian time of a moment."""
    if isinstance(value, datetime):
        return _local(value).time()
    if isinstance(value, time):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    clock = _CLOCK.fullmatch(text)
    try:
        return time(int(clock[1]), int(clock[2])) if clock else time_of(_stamp(text))
    except ValueError:  # 25:00
        return None


def _stamp(text: str) -> datetime | None:
    try:
        return _local(datetime.fromisoformat(text)) if _STAMP.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_IST) if moment.tzinfo else moment  # a naive one is India's already


_READERS: dict[str, Callable[[object], object]] = {
    "number": number_of,
    "money": number_of,
    "date": date_of,
    "month": month_of,
    "time": time_of,
}

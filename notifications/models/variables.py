"""The variables of a kind that staff made, as they are kept with it: `{"name", "kind", "sample", "meaning"}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError

from notifications import grammar
from notifications.formats import KINDS, UNSENDABLE, CannotWrite, written

MOST_VARIABLES = 30
LONGEST_SAMPLE = LONGEST_MEANING = 200  # characters
_NEEDED = {"name", "kind", "sample"}
_MAY = {"meaning"}


def check_variables(given: object) -> None:
    """Raise ValidationError unless this is a list of variables that texts can use. `meaning` may be left out."""
    if not isinstance(given, list) or len(given) > MOST_VARIABLES:
        raise ValidationError(f"Give a list of at most {MOST_VARIABLES} variables.")
    for variable in given:
        _check_variable(variable)
    names = [variable["name"] for variable in given]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValidationError(f"The variable `{min(twice)}` is there twice.")


def _check_variable(given: object) -> None:
    if not _is_variable(given):
        raise ValidationError(
            'A variable is {"name": "…", "kind": "…", "sample": "…"}, each a text of at most 200 characters; '
            '"meaning" may be there too.'
        )
    assert isinstance(given, dict)
    for _, why in faults(given):
        raise ValidationError(why)


def _is_variable(given: object) -> bool:
    return (
        isinstance(given, dict)
        and _NEEDED <= set(given) <= _NEEDED | _MAY
        and all(_is_text(given[field]) for field in _NEEDED)
        and (not given.get("meaning") or _is_text(given["meaning"]))
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_SAMPLE and not UNSENDABLE.search(value)


def faults(variable: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(field, why) for what is wrong with one."""
    name, kind = variable["name"], variable["kind"]
    if why := grammar.fault_of_name(name):
        yield "name", f"`{name[:64]}`: {why}."
    if kind not in KINDS:
        yield "kind", f"`{name}` cannot be of the kind `{kind[:20]}`; use one of: {', '.join(KINDS)}."
        return
    try:
        written(name, variable["sample"], kind, "en")
    except CannotWrite as error:
        yield "sample", f"The sample of {error}"

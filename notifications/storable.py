"""JSON that PostgreSQL can keep: it refuses NUL, lone surrogates and numbers that are none."""

from __future__ import annotations

import json
import re

from django.core.serializers.json import DjangoJSONEncoder

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class _Encoder(DjangoJSONEncoder):
    def default(self, value: object) -> object:
        try:
            return super().default(value)
        except (TypeError, ValueError):
            return str(value)


def dumps(value: object) -> str:
    """Any value as JSON text; what JSON has no word for is kept as its text. Raises nothing."""
    try:
        document = _json(value, allow_nan=False)
    except (ValueError, RecursionError):
        document = _rescued(value)
    return _NUL.sub(r"\1", document).encode("utf-8", "replace").decode()


def _json(value: object, *, allow_nan: bool) -> str:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False, skipkeys=True, allow_nan=allow_nan)


def _rescued(value: object) -> str:
    """NaN and the infinities become their names; what holds itself, or is nested too deeply, a sentence."""
    try:
        return _json(json.loads(_json(value, allow_nan=True), parse_constant=str), allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps(f"a {type(value).__name__} that JSON cannot hold")


def plain(text: object, longest: int) -> str:
    """Any value as text that a column of so many characters can keep."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode()[:longest]

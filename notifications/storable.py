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
        except TypeError:
            return str(value)


def dumps(value: object) -> str:
    """Any value as JSON text; what JSON has no word for is kept as its text."""
    try:
        document = json.dumps(value, cls=_Encoder, ensure_ascii=False, skipkeys=True, allow_nan=False)
    except ValueError:
        document = json.dumps(repr(value)[:1000])
    return _NUL.sub(r"\1", document).encode("utf-8", "replace").decode()


def plain(text: object, longest: int) -> str:
    """Any value as text that a column of so many characters can keep."""
    return str(text).replace("\x00", "").encode("utf-8", "replace").decode()[:longest]

"""django-environ, with one sentence that names the setting where its value is of the wrong kind."""

import os
from decimal import Decimal, InvalidOperation

import environ
from django.core.exceptions import ImproperlyConfigured


def _rupees(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError from None


def _named(cast):
    kinds = [
        (_rupees, "an amount of rupees, like 0.13"),
        (int, "a whole number"),
        (float, "a number"),
        ([float], "numbers, separated by commas"),
        ([int], "whole numbers, separated by commas"),
    ]
    return next((name for kind, name in kinds if kind == cast), "of another kind; see .env.example")


def _trimmed(value):
    """Without the space after a comma and the end of a file's line: no key, number or secret of ours has one."""
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return value.strip() if isinstance(value, str) else value


def read_file(path):
    """Settings of a file, for those that the environment does not name. Raises ImproperlyConfigured."""
    try:
        if path.is_file():
            environ.Env.read_env(path, encoding="utf-8-sig")  # editors on Windows begin files with a mark
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"the file {path} is no text in UTF-8: save it as one.") from error


class Environment(environ.Env):
    """Reads settings. Raises ImproperlyConfigured."""

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        try:
            return _trimmed(super().get_value(var, cast, default, parse_default))
        except (ValueError, TypeError) as error:
            given = os.environ.get(var)
            raise ImproperlyConfigured(
                f"the setting {var} cannot be {given!r}: it is {_named(cast)}."
            ) from error

    def rupees(self, var, default):
        return self.get_value(var, cast=_rupees, default=default, parse_default=True)

"""Links to pages of the desk: for who may open them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.urls import Resolver404, resolve
from django.utils.html import format_html

from backoffice.masking import looks

_READ = {"changelist", "change", "history"}
_ACTS = {"add": "add", "delete": "delete"}


def may_open(address: str, user: Any = None) -> bool:
    """Whether this user, or who looks now, may open a page of a model in the admin; other addresses all may.

    A page of our own beside the usual ones is one that changes rows, unless its name ends in `_print` or `_sheet`.
    """
    user = user or looks()
    try:
        name = resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return True
    app, _, rest = name.partition("_")
    model, _, page = rest.partition("_")
    if not page or (app, model) not in _models():
        return True
    return user is not None and any(user.has_perm(f"{app}.{act}_{model}") for act in _takes(page))


def link(address: str, words: object) -> str:
    """The words, with a link for who may open it."""
    return format_html('<a href="{}">{}</a>', address, words) if may_open(address) else str(words)


def _takes(page: str) -> tuple[str, ...]:
    if page in _READ or page.endswith(("print", "sheet")):
        return ("view", "change")
    return (_ACTS.get(page, "change"),)


def _models() -> set[tuple[str, str]]:
    return {(model._meta.app_label, str(model._meta.model_name)) for model in apps.get_models()}

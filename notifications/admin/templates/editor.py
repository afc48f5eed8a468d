"""What stands in the editor beside the text: the bubble, the count, what is wrong where, and what may be inserted."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from backoffice.masking import sees_numbers, shown
from notifications import approved, proof, registry, templating
from notifications.admin.templates.bubble import bubble
from notifications.admin.templates.form import TextForm, seen
from notifications.admin.templates.tabs import tabs
from notifications.formats import LIMIT, CannotWrite
from notifications.models import MessageTemplate

_PIECES = "admin/notifications/messagetemplate/"


class Text(NamedTuple):
    """What stands in the editor, saved or not."""

    kind: registry.MessageKind | None
    language: str
    content: str


def pieces(text: Text) -> dict[str, Any]:
    """The parts of the page that follow what is typed: `marks` for the script, all others as HTML.

    `bubble` is None where nothing can be made of the text: the page keeps the last good one. Asks no table.
    """
    proved = proof.proof(text.content, text.kind, text.language)
    faults = proved.faults if text.content.strip() else []  # nobody has to be told that nothing is there yet
    return {
        "bubble": None if proved.text is None else bubble(proved.text),
        "faults": _piece("faults", {"faults": faults, "empty": not text.content.strip()}),
        "count": _piece("count", _counts(proved)),
        "marks": [fault._asdict() for fault in faults],
        "ok": proved.error is None,
    }


def surroundings(text: Text) -> dict[str, SafeString | str]:
    """The parts that follow the kind and the language, as HTML."""
    return {
        "picker": _piece("picker", {"variables": _variables(text.kind, text.language), "kind": text.kind}),
        "beside": _piece("beside", {"english": _english(text)}),
        "tabs": _piece("tabs", {"tabs": tabs(text.kind.code), "here": text.language}) if text.kind else "",
    }


def context(form: Any, original: MessageTemplate | None) -> dict[str, Any]:
    """For the page, before any script runs."""
    text = _text(form, original)
    conflict = getattr(form, "conflict", None)
    current = conflict or (MessageTemplate.objects.filter(pk=original.pk).first() if original else None)
    return {
        "editor": pieces(text) | surroundings(text),
        "text": text,
        "current": current,
        "last_version": current and current.versions.select_related("author").first(),
        "seen": seen(current) if current else "",
        "conflict": conflict,
        "failing": getattr(form, "failing", []),
        "test_numbers": _test_numbers(),
        "needs_approval": approved.in_force(),
    }


def numbers_by_place() -> list[tuple[str, str]]:
    """The numbers for tests, each with its place in the settings: `1`, `2`."""
    return [(str(place), number) for place, number in enumerate(settings.NOTIFICATION_TEST_NUMBERS, 1)]


def _test_numbers() -> list[tuple[str, str]]:
    """What is posted for each, and what is read. A masked number is not whole in the page's source either."""
    sees = sees_numbers()
    return [(number if sees else place, shown(number)) for place, number in numbers_by_place()]


def _text(form: Any, original: MessageTemplate | None) -> Text:
    """As it was typed, where a form came back; else as it is saved, or as the address asks for it."""

    def value(name: str) -> str:
        typed = form[name].value() if isinstance(form, TextForm) and name in form.fields else None
        return str(getattr(original, name, "") if typed is None else typed or "")

    language = value("language")
    known = language if language in dict(registry.LANGUAGES) else "en"
    return Text(registry.get(value("kind")), known, value("content"))


def _variables(kind: registry.MessageKind | None, language: str) -> list[dict[str, str]]:
    return [
        {
            "name": variable.name,
            "write": f"{{{{{variable.name}}}}}",
            "meaning": variable.meaning,
            "sample": _sample(variable, language),
        }
        for variable in (kind.variables if kind else ())
    ]


def _sample(variable: registry.Variable, language: str) -> str:
    try:
        return registry.readable(variable.sample, variable.kind, language)
    except CannotWrite as error:
        return str(error)


def _english(text: Text) -> str:
    """What is to be translated."""
    if text.language == "en" or text.kind is None:
        return ""
    found = MessageTemplate.objects.filter(kind=text.kind.code, language="en")
    return found.values_list("content", flat=True).first() or ""


def _counts(proved: proof.Proof) -> dict[str, Any]:
    return {
        "filled": "–" if proved.filled is None else f"{proved.filled:,}",
        "filled_limit": f"{LIMIT:,}",
        "source": f"{proved.source:,}",
        "source_limit": f"{templating.LONGEST:,}",
        "is_over": (proved.filled or 0) > LIMIT or proved.source > templating.LONGEST,
    }


def _piece(name: str, values: dict[str, Any]) -> SafeString:
    return render_to_string(f"{_PIECES}{name}.html", values)

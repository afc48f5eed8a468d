"""What the page of a kind says beside its form: whether it can be sent, its texts, and how a program sends it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from notifications import registry
from notifications.models import CustomKind, MessageTemplate
from notifications.models.kind_texts import in_words

BEGINNING = 90  # characters of a text that the page shows
SEND = "/api/notifications/send-message"


class Line(NamedTuple):
    """One language of a kind. `text` is None where there is none; `link` leads to it, or to where one is added."""

    language: str
    native: str
    text: MessageTemplate | None
    link: str

    @property
    def beginning(self) -> str:
        content = " ".join(self.text.content.split()) if self.text else ""
        return content if len(content) <= BEGINNING else f"{content[: BEGINNING - 1]}…"


def lines(kind: CustomKind) -> list[Line]:
    """Every language there is, English first, in the registry's order."""
    texts = {text.language: text for text in MessageTemplate.objects.filter(kind=kind.code)}
    return [
        Line(in_words(code), native, texts.get(code), _link(kind.code, code, texts.get(code)))
        for code, native in registry.LANGUAGES
    ]


def _link(kind: str, language: str, text: MessageTemplate | None) -> str:
    if text is not None:
        return reverse("admin:notifications_messagetemplate_change", args=(text.pk,))
    asked = urlencode({"kind": kind, "language": language})
    return f"{reverse('admin:notifications_messagetemplate_add')}?{asked}"


def standing(languages: Sequence[Line]) -> tuple[str, str]:
    """Whether it can be sent, for a headline: (class, sentence)."""
    english = languages[0].text
    if english is None:
        return "is-bad", (
            "This kind cannot be sent yet: it has no English text. English is what customers get whose language has "
            "no text, so write that one first."
        )
    if not english.active:
        return (
            "is-bad",
            "Its English text is switched off: who reads English gets nothing. Switch it on to send.",
        )
    off = [line.language for line in languages if line.text and not line.text.active]
    if off:
        return "is-bad", f"It is sent, but not to who reads {' or '.join(off)}: that text is switched off."
    others = sum(line.text is not None for line in languages) - 1
    more = f" and {others} other language{'s'[: others != 1]}" if others else ""
    return "is-good", f"It can be sent: it has a text in English{more}."


def curl(kind: CustomKind, request: HttpRequest) -> str:
    """A command that sends it with its samples, ready to paste; the token is for whoever runs it to fill in."""
    body = {
        "phone": "98765 43210",
        "message_type": kind.code,
        "context": {variable["name"]: variable["sample"] for variable in kind.variables},
        "reference_id": f"{kind.code}_1",
    }
    return " \\\n  ".join(
        (
            f"curl {shlex.quote(request.build_absolute_uri(SEND))}",
            '-H "Authorization: Bearer $TOKEN"',
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(json.dumps(body, ensure_ascii=False, indent=2))}",
        )
    )


def context(kind: CustomKind, request: HttpRequest) -> dict[str, Any]:
    """What the template shows of a kind that is stored."""
    languages = lines(kind)
    how, words = standing(languages)
    may_write = request.user.has_perm("notifications.add_messagetemplate")
    return {
        "languages": languages,
        "standing": words,
        "standing_class": how,
        "first_text": languages[0].link if may_write and languages[0].text is None else "",
        "may_write": may_write,
        "may_see_texts": request.user.has_perm("notifications.view_messagetemplate"),
        "uses": registry.uses_of(kind.code, request.user),
        "curl": curl(kind, request),
    }

"""The form of a text: what is refused, and what is asked about before it is saved."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications import proof, registry, rehearsal
from notifications.models import MessageTemplate


def seen(text: MessageTemplate) -> str:
    """What somebody who opens the editor sees of a text, to know later whether it is still so: `7-on`."""
    return f"{text.version}-{'on' if text.active else 'off'}"


class TextForm(forms.ModelForm):
    """Of a text. `conflict`: the row as somebody else left it meanwhile; `failing`: real messages it would break."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(required=False, label="Save it all the same")

    conflict: MessageTemplate | None = None
    failing: list[rehearsal.Trial]

    class Meta:
        model = MessageTemplate
        fields = "__all__"  # noqa: DJ007  the admin names them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.failing = []

    def clean_content(self) -> str:
        """As it is kept: forms send line breaks of two characters."""
        return str(self.cleaned_data["content"]).replace("\r\n", "\n").replace("\r", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_if_moved_on(cleaned.get("seen", ""))
        if not self.errors and not cleaned.get("all_the_same"):
            self._ask_if_it_breaks(cleaned)
        return cleaned

    def _refuse_if_moved_on(self, known: str) -> None:
        """Locked until the save is done: of two who save at the same moment the second is told."""
        now = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=self.instance.pk)
        if not known or known == seen(now):
            return
        self.conflict = now
        self.add_error(None, f"{_what_happened(now, known)} while you were writing. {_REMEDY}")

    def _ask_if_it_breaks(self, cleaned: dict[str, Any]) -> None:
        kind = registry.get(cleaned.get("kind") or self.instance.kind)
        content, saved = cleaned.get("content", ""), self.initial.get("content") or None
        language = cleaned.get("language") or self.instance.language
        if kind is None or content == saved or proof.proof(content, kind, language).error:
            return
        trials = rehearsal.rehearse(kind, language, content, saved)
        self.failing = rehearsal.fails_anew(trials)
        if self.failing:
            self.add_error(None, would_fail(self.failing, len(trials)))


def would_fail(failing: list[rehearsal.Trial], tried: int) -> str:
    """The question, in a sentence that names the first reason."""
    which = f"{len(failing)} of the last {tried} real messages" if tried > 1 else "The last real message"
    return f"{which} would fail with this text: {failing[0].why} Save it all the same?"


_REMEDY = "Yours is still here, with theirs beside it: put the two together and save again."


def _what_happened(now: MessageTemplate, known: str) -> str:
    who = now.updated_by.get_username() if now.updated_by else "Somebody"
    if known.split("-")[0] != str(now.version):
        return f"{who} saved version {now.version}"
    return f"{who} switched this text {'on' if now.active else 'off'}"

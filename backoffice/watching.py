"""Two who change one row at the same time: the second is told what the first changed, before theirs takes its place."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib.admin.utils import display_for_value

FIELD = "as_seen"


class Watched(forms.ModelForm):
    """A form of a row that carries a stamp of each value that its page showed. What was typed stays on the page."""

    @property
    def as_seen(self) -> str:
        """The stamps of the values as they are now; empty for a row that is only being added."""
        return json.dumps(self._stamps(), sort_keys=True) if self.instance.pk else ""

    def clean(self) -> Any:
        found = super().clean()
        for name in self._moved():
            self.add_error(name, self._said(name))
        return found

    def _stamps(self) -> dict[str, str]:
        values = {name: repr(self.initial.get(name)) for name in self.fields if name in self.initial}
        return {name: hashlib.sha256(value.encode()).hexdigest()[:12] for name, value in values.items()}

    def _moved(self) -> list[str]:
        """The fields that somebody changed since, to something else than what is typed now."""
        try:
            known = dict(json.loads(self.data.get(FIELD) or "{}"))
        except (TypeError, ValueError):
            return []
        moved = [name for name, stamp in self._stamps().items() if known.get(name, stamp) != stamp]
        return [name for name in moved if name in self.changed_data]

    def _said(self, name: str) -> str:
        display = getattr(self.instance, f"get_{name}_display", None)
        value = display() if display else getattr(self.instance, name, "")
        now = display_for_value(value, "") or "empty"
        return f"Somebody changed this while you were at it: it is {now} now. Saving again puts yours in its place."

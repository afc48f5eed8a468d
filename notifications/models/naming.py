"""The approved template that a text names, and the one of its that is in use.

A new text needs a new approval. Until that is there, the template that was approved last stays in use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from notifications import registry, storable
from notifications.models.approved import ApprovedTemplate

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")
_PLACEHOLDER = re.compile(r"\w{1,64}")


class Naming(models.Model):
    """Of a text. `in_use` is `{"name", "language", "placeholders"}`, or null."""

    kind: Any
    language: Any
    approved_name = models.CharField(
        max_length=512,
        blank=True,
        default="",
        db_default="",  # the apps' migrations install texts, and may know nothing of this
        verbose_name="approved template",
        help_text="Its name at MyOperator, for example order_confirmation. Only the chat API needs one.",
    )
    approved_language = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        verbose_name="its language",
        help_text="As MyOperator writes it, for example en_US. Empty: that of this text.",
    )
    placeholders = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text='Which variable goes into which of its placeholders: {"1": "customer_name", "2": "order_id"}.',
    )
    in_use = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def named(self) -> dict[str, Any] | None:
        """What it names, in the shape of `in_use`."""
        if not self.approved_name:
            return None
        return {
            "name": self.approved_name,
            "language": self.approved_language or self.language,
            "placeholders": self.placeholders,
        }

    @property
    def as_named(self) -> tuple[str, str, Any]:
        """What staff said, to see whether they say something else."""
        return self.approved_name, self.approved_language, self.placeholders

    def clean_naming(self) -> None:
        """Refuse what could never be sent, by field. Raises ValidationError."""
        if errors := dict(self._faults()):
            raise ValidationError(errors)

    def adopt(self) -> bool:
        """Take what it names into use where that is approved by now. Returns whether that changed anything."""
        named, before = self.named, self.in_use
        template = named and ApprovedTemplate.find(named["name"], named["language"])
        if named is None or (template and template.sendable):
            self.in_use = named
        return bool(self.in_use != before)

    def _faults(self) -> Iterator[tuple[str, str]]:
        if self.approved_name and not _NAME.fullmatch(self.approved_name):
            yield "approved_name", "A template's name holds a–z, 0–9 and _ only. Copy it from MyOperator."
        if self.approved_language and not _LANGUAGE.fullmatch(self.approved_language):
            yield "approved_language", "Write the language as MyOperator does, for example en or en_US."
        if why := self._fault_of_placeholders():
            yield "placeholders", why

    def _fault_of_placeholders(self) -> str:
        if not isinstance(self.placeholders, dict) or not all(map(_is_pair, self.placeholders.items())):
            return 'Write an object of placeholders and variables: {"1": "customer_name"}.'
        if self.placeholders and not self.approved_name:
            return "Name the approved template that has these placeholders, or leave them out."
        kind = registry.get(self.kind)
        known = [variable.name for variable in kind.variables] if kind else []
        return _unknown(self.placeholders, known) or self._mismatch()

    def _mismatch(self) -> str:
        """Where the approved body is known, each of its placeholders needs a variable, and there are no others."""
        named = self.named
        template = named and ApprovedTemplate.find(named["name"], named["language"])
        if not template or not template.body:
            return ""
        missing = [name for name in template.placeholders if name not in self.placeholders]
        if missing:
            return f"{template} has {_listed(missing)} too: say which variable goes there."
        extra = [name for name in self.placeholders if name not in template.placeholders]
        return f"{template} has no {_listed(extra)}: leave that out." if extra else ""


def _is_pair(pair: tuple[object, object]) -> bool:
    placeholder, variable = pair
    return (
        isinstance(placeholder, str)
        and isinstance(variable, str)
        and _PLACEHOLDER.fullmatch(placeholder) is not None
    )


def _unknown(placeholders: Mapping[str, str], known: Collection[str]) -> str:
    for variable in placeholders.values():
        if variable not in known:
            given = storable.plain(variable, 64)
            near = get_close_matches(given, known, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known) or 'none'}."
            return f"There is no variable `{given}`; {hint}"
    return ""


def _listed(names: Collection[str]) -> str:
    return " and ".join(f"{{{{{name}}}}}" for name in names)

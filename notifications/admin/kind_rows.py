"""The rows of the editor of a kind: one for each variable."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from notifications import grammar, typed
from notifications.formats import UNSENDABLE
from notifications.models.variables import LONGEST_MEANING, LONGEST_SAMPLE, MOST_VARIABLES

FIELDS = ("name", "kind", "sample", "meaning")
EMPTY_ROWS = 3  # to fill in where there is no JavaScript
Variables = list[dict[str, str]]


def _text(label: str, placeholder: str, longest: int, required: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(required),
        error_messages={"required": required},
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": placeholder, "autocomplete": "off"}),
    )


class VariableRow(forms.Form):
    name = _text("Name", "price", 64, "Give it a name, as the texts write it: price.")
    kind = forms.ChoiceField(label="Type", choices=typed.choices, widget=UnfoldAdminSelectWidget)
    sample = _text("Sample", "66", LONGEST_SAMPLE, "Give a sample: previews of the texts are filled with it.")
    meaning = _text("What it means (optional)", "What a litre costs, in rupees", LONGEST_MEANING)
    was = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # its name before

    def has_changed(self) -> bool:
        """A row where nothing is written is none, whatever its type and its place."""
        return any(name in self.changed_data for name in ("name", "sample", "meaning"))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if grammar.fault_of_name(name) is not None:
            raise ValidationError(
                "Use the letters a–z, digits and _, a letter first, for example milk_price. Some few words, such as "
                "self and loop, are taken."
            )
        return name

    def clean_meaning(self) -> str:
        meaning: str = self.cleaned_data["meaning"]
        if UNSENDABLE.search(meaning):
            raise ValidationError("There is a character in this that cannot be seen. Type it again.")
        return meaning

    def clean(self) -> None:
        sample, kind = self.cleaned_data.get("sample"), self.cleaned_data.get("kind")
        if sample and kind and (why := typed.fault(sample, kind)):
            self.add_error("sample", why)

    @property
    def is_removed(self) -> bool:
        """Whether it was marked to be removed; it stays on the page until that is saved."""
        return bool(self.is_bound and self["DELETE"].value())

    @property
    def reads(self) -> str:
        """Its sample as a message writes it."""
        sample, kind = self["sample"].value(), self["kind"].value()
        return typed.reads(sample, kind) if sample and kind != "text" and kind in typed.TYPES else ""


class _Rows(BaseFormSet):
    def clean(self) -> None:
        seen: set[str] = set()
        for row in self._kept():
            name = row.cleaned_data.get("name", "")
            if name and name in seen:
                row.add_error("name", f"There is another variable called {name}.")
            seen.add(name)

    def _kept(self) -> list[Any]:
        kept = [row for row in self.forms if row.has_changed() and not row.is_removed]
        return sorted(kept, key=_place)

    def variables(self) -> Variables:
        """What the rows say, in their order. They are valid."""
        return [{name: row.cleaned_data[name] for name in FIELDS} for row in self._kept()]

    def row_of(self, name: str) -> Any:
        """The row that a variable stands in, or stood in before it was renamed or removed; None where none did."""
        stood = (row for row in self.forms if name and row["was"].value() == name)
        return next(stood, None)

    @property
    def in_order(self) -> list[Any]:
        """As they were left on the page, by their places."""
        return sorted(self.forms, key=_place) if self.is_bound else list(self.forms)


def _place(row: Any) -> tuple[float, int]:
    """Where it was put; what has no place stays behind what has, as it stands."""
    value = str(row["ORDER"].value() or "")
    return float(value) if value.isdecimal() and len(value) < 9 else 1e9, int(row.prefix.rpartition("-")[2])


class Rows(
    forms.formset_factory(  # type: ignore[misc]
        VariableRow,
        formset=_Rows,
        extra=EMPTY_ROWS,
        can_order=True,
        can_delete=True,
        max_num=MOST_VARIABLES,
        absolute_max=MOST_VARIABLES * 3,
        validate_max=True,
    )
):
    """All rows of the page."""

    default_error_messages = {
        **_Rows.default_error_messages,
        "too_many_forms": f"A kind has at most {MOST_VARIABLES} variables.",
    }

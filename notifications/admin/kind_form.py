"""The editor of a kind: what it is, and a row for each of its variables."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget

from notifications import registry
from notifications.admin.kind_rows import Rows, Variables
from notifications.models import CustomKind
from notifications.models.kind import LASTS

SWITCHES = {
    "order": "Orders",
    "subscription": "Subscriptions",
    "delivery": "Deliveries",
    "payment": "Bills and payments",
    "promotional": "Offers and news",
}
PREFIX = "variables"


def _hours(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def categories() -> list[tuple[str, SafeString]]:
    """The two, with what each means for a customer and what it costs."""
    return [
        ("utility", _category(
            "Utility", settings.NOTIFICATION_PRICE_UTILITY, LASTS["utility"],
            "What customers need to know about something they have with us: an order, a delivery, a bill. Goes to "
            "everybody who did not switch it off, at any hour.",
        )),
        ("marketing", _category(
            "Marketing", settings.NOTIFICATION_PRICE_MARKETING, LASTS["marketing"],
            "Whatever wants to sell, or to win somebody back. Goes only to customers who asked for offers, "
            f"between {settings.NOTIFICATION_MARKETING_HOURS.replace('-', ' and ')}.",
        )),
    ]  # fmt: skip


def _category(label: str, price: object, lasts: timedelta, words: str) -> SafeString:
    cost = registry.readable(price, "money")
    return format_html(
        '<span class="choice"><strong>{}: ₹{} each</strong> <span>{} What could not be sent within {} is dropped.'
        "</span></span>",
        label, cost, words, _hours(lasts),
    )  # fmt: skip


def stamp(kind: CustomKind) -> str:
    """What tells whether somebody changed a kind since a page showed it."""
    said = json.dumps([kind.label, kind.category, kind.preference, kind.variables], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


class KindForm(forms.ModelForm):
    """With `rows`, the variables. What was typed is never lost: whatever is wrong, the page shows it all again."""

    category = forms.ChoiceField(choices=categories, widget=UnfoldAdminRadioSelectWidget, initial="utility")
    preference = forms.ChoiceField(
        label="Switch",
        choices=list(SWITCHES.items()),
        widget=UnfoldAdminRadioSelectWidget,
        initial="order",
        help_text="Customers have a switch for each of these. Which one turns this kind off for them?",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    may_read_differently = forms.BooleanField(
        required=False, label="I have looked at these texts: let them read differently"
    )

    class Meta:
        model = CustomKind
        fields = ("label", "code", "category", "preference")
        widgets = {"label": UnfoldAdminTextInputWidget, "code": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [{"was": variable["name"], **variable} for variable in self._stored()]
        # What is posted stands for itself: the row may have other variables by now.
        self.rows = Rows(self.data, prefix=PREFIX) if self.is_bound else Rows(initial=shown, prefix=PREFIX)
        self.asks_about_texts = False
        if self.instance.pk and "seen" in self.fields:
            self.fields["seen"].initial = stamp(self.instance)

    def _stored(self) -> Variables:
        return [{"meaning": "", **variable} for variable in self.instance.variables]

    @property
    def changed_data(self) -> list[str]:
        """For the admin's history."""
        own = [name for name in super().changed_data if name not in ("seen", "may_read_differently")]
        is_same = not self.rows.is_bound or not self.rows.is_valid() or self.rows.variables() == self._was
        return own if is_same else [*own, "variables"]

    @property
    def _was(self) -> Variables:
        return getattr(self, "_variables_before", self._stored())

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        self._refuse_unseen()
        if not self.rows.is_valid():
            words = "Look at the variables below: what is wrong stands at its place."
            raise ValidationError(words, "variables")
        self._variables_before = self._stored()
        variables = self.rows.variables()
        if self.instance.pk:
            self._keep_texts_whole(variables)
        self.instance.variables = variables
        return found

    def _refuse_unseen(self) -> None:
        """Two at one kind: the second is told of the first, once, before theirs goes in its place."""
        if not self.instance.pk or self.cleaned_data.get("seen") in ("", stamp(self.instance)):
            return
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("seen")] = stamp(self.instance)
        raise ValidationError(
            f"Somebody changed this kind while you were at it. It is now: {summary(self.instance)}. What you typed "
            "is still here. Saving again puts it in place of theirs.",
            "changed",
        )

    def _keep_texts_whole(self, variables: Variables) -> None:
        touched = self.instance.touched_by(variables)
        self.instance.may_read_differently = bool(self.cleaned_data.get("may_read_differently"))
        for one in touched:
            if one.breaks:
                self._refuse(one.variable, "name", one.words)
            elif not self.instance.may_read_differently:
                self.asks_about_texts = True
                self._refuse(one.variable, "kind", one.words)

    def _refuse(self, variable: str, field: str, words: str) -> None:
        """On top, and at the row that it is about, which stays."""
        self.add_error(None, words)
        if (row := self.rows.row_of(variable)) is not None:
            row.add_error(field, words)


def summary(kind: CustomKind) -> str:
    """A kind in a line: `“Milk price”, utility, switch Orders, with price (Money)`."""
    from notifications.typed import TYPES

    named = [f"{one['name']} ({TYPES[one['kind']].label})" for one in kind.variables]
    words = ", ".join(named) if named else "no variables"
    return f"“{kind.label}”, {kind.category}, switch {SWITCHES[kind.preference]}, with {words}"

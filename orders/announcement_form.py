"""The form of an announcement: what to say, with the values of a kind of staff's own, and to whom."""

from typing import Any, NamedTuple

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from notifications import outbox, registry
from notifications.registry import MessageKind, Variable
from orders import own_kinds
from orders.models import Announcement, Customer

PREFIX = "value"
_INPUTS = {
    "date": {"type": "date"},
    "month": {"type": "month"},
    "time": {"type": "time"},
    "phone": {"type": "tel"},
    "money": {"inputmode": "decimal"},
    "number": {"inputmode": "decimal"},
}


class Value(forms.CharField):
    """One variable. What may stand in a message is notifications' to say."""

    def __init__(self, variable: Variable) -> None:
        attrs = {"placeholder": variable.sample, "autocomplete": "off", **_INPUTS.get(variable.kind, {})}
        super().__init__(
            label=variable.name.replace("_", " ").capitalize(),
            required=False,
            help_text=variable.meaning,
            widget=UnfoldAdminTextInputWidget(attrs=attrs),
        )
        self.variable = variable
        self.reads = registry.readable(variable.sample, variable.kind)

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        if why := registry.fault_of(value, self.variable.kind):
            raise forms.ValidationError(why)
        return value


class Values(forms.Form):
    """A field for each variable of a kind, but the customer's name."""

    def __init__(self, kind: MessageKind, *args, **kwargs) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.kind = kind
        for variable in own_kinds.asked(kind):
            self.fields[variable.name] = Value(variable)


class About(NamedTuple):
    """What the page says of a kind. Not the form's own: a template would take its fields, whose names staff chose."""

    label: str
    price: str
    is_utility: bool
    fills_name: bool
    asks: bool


def about(kind: MessageKind) -> About:
    asked = len(own_kinds.asked(kind))
    return About(
        label=kind.label,
        price=registry.readable(outbox.price(kind.code), "money"),
        is_utility=kind.category == "utility",
        fills_name=asked < len(kind.variables),
        asks=asked > 0,
    )


def kinds() -> list[tuple[str, Any]]:
    """A new product, and the kinds that staff made, marketing first."""
    own = own_kinds.own_kinds()
    groups = [
        (words, [(kind.code, kind.label) for kind in own if kind.category == category])
        for words, category in (("Marketing, of our own", "marketing"), ("Utility, of our own", "utility"))
    ]
    return [("", "A new product"), *((words, found) for words, found in groups if found)]


class AnnouncementForm(forms.ModelForm):
    """With `values`, the form of the kind that is chosen; None where it is a product that is told of."""

    kind = forms.ChoiceField(
        label="What to say",
        required=False,
        choices=kinds,
        widget=UnfoldAdminSelectWidget,
        help_text="A new product, or a kind of message of your own.",
    )
    areas = forms.MultipleChoiceField(
        required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text="None ticked: all areas."
    )
    languages = forms.MultipleChoiceField(
        required=False,
        choices=registry.LANGUAGES,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What the customer's record says; each is told in the language they chose for messages. None "
        "ticked: all languages.",
    )
    is_notice = forms.BooleanField(
        required=False,
        label="This is a notice of service: nothing in it sells",
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "areas" in self.fields:
            there = (
                Customer.objects.exclude(area="").order_by("area").values_list("area", flat=True).distinct()
            )
            # An area that nobody lives in any more stays chosen.
            self.fields["areas"].choices = [
                (area, area) for area in sorted({*there, *(self.instance.areas or ())})
            ]
        self.fields["is_notice"].initial = self.instance.is_notice
        # What was started is shown, and not asked for any more.
        self.is_open = "product" in self.fields
        self.values = self._values(str(self["kind"].value() or "")) if self.is_open else None

    @property
    def about(self) -> About:
        """Of the kind that is chosen; only where one is."""
        return about(self.values.kind)

    def _values(self, code: str) -> Values | None:
        kind = own_kinds.find(code) if code else None
        return kind and Values(
            kind, self.data if self.is_bound else None, initial=self.instance.values or None
        )

    def clean(self):
        found = super().clean()
        if not self.is_open:
            return found
        if not found.get("kind"):
            self._clean_product(found)
        else:
            found["product"] = None
            self._clean_values(found)
        return found

    def _clean_product(self, found: dict[str, Any]) -> None:
        self.instance.values, self.instance.is_notice = {}, False
        if not found.get("product") and "kind" in found and "product" not in self.errors:
            self.add_error("product", "Choose the product, or something else to say.")

    def _clean_values(self, found: dict[str, Any]) -> None:
        if self.values is None:
            self.add_error("kind", own_kinds.GONE)
            return
        if not self.values.is_valid():
            self.add_error(None, "Look at the values of the message: what is wrong stands at its place.")
            return
        if self.about.is_utility and not found.get("is_notice"):
            self.add_error("is_notice", own_kinds.NEEDS_NOTICE)
        self.instance.values = self.values.cleaned_data
        self.instance.is_notice = self.about.is_utility and bool(found.get("is_notice"))

    @property
    def changed_data(self) -> list[str]:
        """For the admin's history."""
        changed = super().changed_data
        return [*changed, "values"] if self.values and self.values.has_changed() else changed


def chosen(data: Any) -> AnnouncementForm:
    """The form as it is filled in so far, for the part of it that depends on what is chosen."""
    code = str(data.get("kind", ""))
    kind = own_kinds.find(code) if code else None
    form = forms.modelform_factory(Announcement, AnnouncementForm, fields=("kind",))()
    typed = {
        name.removeprefix(f"{PREFIX}-"): value for name, value in data.items() if name.startswith(PREFIX)
    }
    form.values = kind and Values(kind, initial=typed)
    form.fields["is_notice"].initial = bool(data.get("is_notice"))
    return form

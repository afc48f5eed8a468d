"""What customers want to hear."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backoffice.links import link
from backoffice.lists import number_in
from backoffice.masking import shown_in
from backoffice.pages import Numbered
from notifications import registry, timeline, wishes
from notifications.admin.erasure import Erasable
from notifications.models import ConsentEvent, NotificationPreference
from notifications.phones import BadPhone, e164

MOST_SHOWN = 20  # lines of the ledger on the page of a number


class PreferenceForm(forms.ModelForm):
    """The number in any form people type."""

    phone = forms.CharField(max_length=40, help_text="For example 98765 43210.")
    language = forms.ChoiceField(choices=[("", "the customer record's"), *registry.LANGUAGES], required=False)

    words = forms.CharField(
        required=False,
        max_length=500,
        label="What they said",
        help_text="Or the text they agreed to, with its version. Kept in the ledger with what changes now.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = NotificationPreference
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets name them)
        labels = {
            "user": "Sign-in user",
            "enabled": "Any messages at all",
            "order": "About orders",
            "subscription": "About subscriptions",
            "delivery": "About deliveries",
            "payment": "About payments",
            "promotional": "News and offers",
            "marketing_opt_in_at": "Asked for offers at",
            "quiet_from": "Nothing from",
            "quiet_until": "Until",
            "unreachable_at": "Cannot be reached since",
        }
        help_texts = {
            "user": "Who signs in as this user sees this number's messages.",
            "language": "Empty: the one in the customer's record.",
            "promotional": "They are sent only to who asked for them, too.",
            "quiet_from": "Hours of India.",
            "quiet_until": "Hours of India.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.updated_at.isoformat()

    def clean_phone(self) -> str:
        try:
            return e164(self.cleaned_data["phone"])
        except BadPhone as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any] | None:
        """A STOP that came while the page was open is not undone by saving it."""
        seen = self.cleaned_data.get("seen")
        if seen and seen != self.initial.get("seen"):
            raise forms.ValidationError("These wishes changed while you were reading. Open the page again.")
        return super().clean()


class Hears(admin.BooleanFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "any messages"


class Asked(admin.EmptyFieldListFilter):
    """Whether they asked for offers: Django's filter says only that a field is empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "offers"

    def choices(self, changelist: Any) -> Any:
        words = ("All", "Did not ask", "Asked for them")
        return [one | {"display": said} for one, said in zip(super().choices(changelist), words, strict=True)]


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(Erasable, Numbered):
    """One row per number that said something."""

    form = PreferenceForm
    list_display = ("number", "hears", "language", "offers", "quiet", "changed")
    list_filter = (("enabled", Hears), "language", ("marketing_opt_in_at", Asked))
    search_fields = ("phone",)
    search_help_text = "A phone number in any form, or its last digits."
    autocomplete_fields = ("user",)
    actions = ("erase_person",)
    readonly_fields = ("changed", "ledger")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("phone", "user", "language", "enabled", "seen")}),
        (
            "What may be sent",
            {
                "fields": (
                    "order",
                    "subscription",
                    "delivery",
                    "payment",
                    "promotional",
                    "marketing_opt_in_at",
                )
            },
        ),
        ("Do not disturb", {"fields": (("quiet_from", "quiet_until"),)}),
        ("WhatsApp says", {"fields": ("unreachable_at", "changed")}),
        ("How it came to this", {"fields": ("words", "ledger")}),
    )

    @admin.display(description="Any messages", boolean=True, ordering="enabled")
    def hears(self, preference: NotificationPreference) -> bool:
        return preference.enabled

    @admin.display(description="Asked for offers", ordering="marketing_opt_in_at")
    def offers(self, preference: NotificationPreference) -> str:
        at = preference.marketing_opt_in_at
        return timeline.when(at) if at else "–"

    @admin.display(description="Do not disturb")
    def quiet(self, preference: NotificationPreference) -> str:
        start, end = preference.quiet_from, preference.quiet_until
        return f"{start:%H:%M}–{end:%H:%M}" if start and end else "–"

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, preference: NotificationPreference) -> str:
        return timeline.when(preference.updated_at)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Without the row, messages would come back to who wrote STOP."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """One number's wishes never become another's."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "phone") if obj and "phone" not in fixed else fixed

    def save_model(
        self, request: HttpRequest, obj: NotificationPreference, form: forms.ModelForm, change: bool
    ) -> None:
        names = form.changed_data if change else form.cleaned_data
        wanted = {name: form.cleaned_data[name] for name in names if name in wishes.FIELDS}
        by, words = request.user.get_username(), form.cleaned_data["words"]
        saved = wishes.change(obj.phone, wanted, how=wishes.How.ADMIN, by=by, words=words)
        obj.pk = saved.preference.pk

    @admin.display(description="Ledger")
    def ledger(self, preference: NotificationPreference) -> SafeString | str:
        """The last changes; the whole list is a click away."""
        events = ConsentEvent.objects.filter(phone=preference.phone)[:MOST_SHOWN]
        lines = format_html_join(
            "", "<li>{}: {}, {}{}</li>", ((timeline.when(e.at), e, _how(e), _said(e)) for e in events)
        )
        address = reverse("admin:notifications_consentevent_changelist")
        everything = link(f"{address}?of={preference.pk}", "Everything")
        return format_html("<ul>{}</ul>{}", lines, everything) if lines else "Nothing was changed yet."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        number = number_in(search_term)
        if number:
            return queryset.filter(phone=number), False
        return super().get_search_results(request, queryset, search_term)


def _how(event: ConsentEvent) -> str:
    return f"{event.get_how_display()} ({event.by})" if event.by else event.get_how_display()


def _said(event: ConsentEvent) -> str:
    return f": “{shown_in(event.words)}”" if event.words else ""

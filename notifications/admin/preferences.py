"""What customers want to hear."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice.links import link
from backoffice.masking import number_in, shown_in
from backoffice.pages import Numbered
from notifications import registry, timeline, wishes
from notifications.admin.erasure import Erasable
from notifications.models import ConsentEvent, NotificationPreference
from notifications.phones import BadPhone, e164

MOST_SHOWN = 20  # lines of the ledger on the page of a number


class PreferenceForm(forms.ModelForm):
    """The number in any form people type."""

    phone = forms.CharField(
        max_length=40, help_text="For example 98765 43210.", widget=UnfoldAdminTextInputWidget
    )
    language = forms.ChoiceField(
        choices=[("", "As the customer's record says"), *registry.LANGUAGES],
        required=False,
        help_text="Of the messages they get.",
        widget=UnfoldAdminSelectWidget,
    )

    words = forms.CharField(
        required=False,
        max_length=500,
        label="What they said",
        help_text="Or the text they agreed to, with its version. Kept in the ledger with what changes now.",
        widget=UnfoldAdminTextInputWidget,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = NotificationPreference
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets name them)
        labels = {
            "user": "Signs in as",
            "enabled": "Wants messages",
            "order": "About orders",
            "subscription": "About subscriptions",
            "delivery": "About deliveries",
            "payment": "About bills and payments",
            "promotional": "Offers and news",
            "marketing_opt_in_at": "Asked for offers at",
            "quiet_from": "Do not disturb from",
            "quiet_until": "Until",
            "unreachable_at": "Not reachable since",
        }
        help_texts = {"quiet_from": "", "quiet_until": ""}

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


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(Erasable, Numbered):
    """One row per number that said something."""

    form = PreferenceForm
    list_display = (
        "number",
        "wants",
        "speaks",
        "offers_since",
        "undisturbed",
        "changed",
    )
    list_filter = ("enabled", "language", ("marketing_opt_in_at", admin.EmptyFieldListFilter))
    list_display_links = ("number",)
    nothing = "Who never said what they want to hear has no line here, and hears all but offers."
    search_fields = ("phone",)
    search_help_text = "A phone number in any form, or its last digits."
    autocomplete_fields = ("user",)
    actions = ("erase_person",)
    readonly_fields = ("updated_at", "ledger")
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
        ("WhatsApp says", {"fields": ("unreachable_at", "updated_at")}),
        ("How it came to this", {"fields": ("words", "ledger")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Without the row, messages would come back to who wrote STOP."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """One number's wishes never become another's."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "phone", "number") if obj else fixed

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        (title, first), *others = self.fieldsets
        names = ("number" if obj and name == "phone" else name for name in first["fields"])
        return ((title, {"fields": tuple(names)}), *others)

    def save_model(
        self, request: HttpRequest, obj: NotificationPreference, form: forms.ModelForm, change: bool
    ) -> None:
        names = form.changed_data if change else form.cleaned_data
        wanted = {name: form.cleaned_data[name] for name in names if name in wishes.FIELDS}
        by, words = request.user.get_username(), form.cleaned_data["words"]
        saved = wishes.change(obj.phone, wanted, how=wishes.How.ADMIN, by=by, words=words)
        obj.pk = saved.preference.pk

    @admin.display(description="Wants messages", boolean=True, ordering="enabled")
    def wants(self, preference: NotificationPreference) -> bool:
        return preference.enabled

    @admin.display(description="Language", ordering="language")
    def speaks(self, preference: NotificationPreference) -> str | None:
        return dict(registry.LANGUAGES).get(preference.language)

    @admin.display(description="Offers since", ordering="marketing_opt_in_at")
    def offers_since(self, preference: NotificationPreference) -> str | None:
        at = preference.marketing_opt_in_at
        return date_format(localtime(at)) if at else None

    @admin.display(description="Do not disturb")
    def undisturbed(self, preference: NotificationPreference) -> str | None:
        begin, end = preference.quiet_from, preference.quiet_until
        return f"{time_format(begin)} to {time_format(end)}" if begin and end else None

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, preference: NotificationPreference) -> str:
        return timeline.when(preference.updated_at)

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

"""What customers want to hear."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notifications import registry
from notifications.admin.lists import number_in
from notifications.models import NotificationPreference
from notifications.phones import BadPhone, e164


class PreferenceForm(forms.ModelForm):
    """The number in any form people type."""

    phone = forms.CharField(max_length=40, help_text="For example 98765 43210.")
    language = forms.ChoiceField(choices=[("", "the customer record's"), *registry.LANGUAGES], required=False)

    class Meta:
        model = NotificationPreference
        fields = "__all__"  # noqa: DJ007 (the admin's fieldsets name them)

    def clean_phone(self) -> str:
        try:
            return e164(self.cleaned_data["phone"])
        except BadPhone as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(admin.ModelAdmin):
    """One row per number that said something."""

    form = PreferenceForm
    list_display = (
        "phone",
        "enabled",
        "language",
        "marketing_opt_in_at",
        "quiet_from",
        "quiet_until",
        "updated_at",
    )
    list_filter = ("enabled", "language", ("marketing_opt_in_at", admin.EmptyFieldListFilter))
    search_fields = ("phone",)
    search_help_text = "A phone number in any form, or its last digits."
    autocomplete_fields = ("user",)
    readonly_fields = ("updated_at",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("phone", "user", "language", "enabled")}),
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
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        number = number_in(search_term)
        if number:
            return queryset.filter(phone=number), False
        return super().get_search_results(request, queryset, search_term)

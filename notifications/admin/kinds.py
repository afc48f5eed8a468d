"""The kinds that staff made."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from backoffice.pages import Kept
from notifications.models import CustomKind


@admin.register(CustomKind)
class CustomKindAdmin(Kept):
    """Its texts are written on the page of the texts."""

    list_display = ("code", "label", "category", "preference", "created_by", "created_at")
    list_filter = ("category",)
    list_select_related = ("created_by",)
    search_fields = ("code", "label")
    fields = ("code", "label", "category", "preference", "variables", "created_by", "created_at")
    readonly_fields = ("created_by", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Messages of it are in the log and may be in the queue. Its texts are switched off instead."""
        return False

    def save_model(self, request: HttpRequest, obj: CustomKind, form: ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

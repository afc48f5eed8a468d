"""The kinds that staff made."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.pages import Kept
from notifications import cost, registry, typed
from notifications.admin import kind_page
from notifications.admin.kind_form import SWITCHES, KindForm
from notifications.models import CustomKind, MessageTemplate
from notifications.models.kind_texts import in_words


@admin.register(CustomKind)
class CustomKindAdmin(Kept):
    """What it is and its variables are written here; its texts on the page of the texts, to which this leads."""

    form = KindForm
    change_form_template = "admin/notifications/customkind/change_form.html"
    list_display = ("label", "code", "category_words", "switch", "languages", "stands", "created_by")
    list_filter = ("category",)
    list_select_related = ("created_by",)
    search_fields = ("code", "label")
    fieldsets = (
        (None, {"fields": ("label", "code")}),
        ("Who gets it, and what it costs", {"fields": ("category", "preference")}),
    )

    class Media:
        js = ("notifications/kinds.js",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        texts = MessageTemplate.objects.filter(kind=OuterRef("code")).order_by("language")
        return (
            super()
            .get_queryset(request)
            .annotate(
                has=ArraySubquery(texts.values("language")),
                is_on=ArraySubquery(texts.filter(active=True).values("language")),
            )
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Locked while it is saved, so that what two staff save at once is seen by the second."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        return CustomKind.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)

    def save_model(self, request: HttpRequest, obj: CustomKind, form: ModelForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if change and "category" in form.changed_data:
            words = "What waits to be sent goes by the new category too, and so does what it costs."
            self.message_user(request, words, messages.WARNING)

    def response_post_save_add(self, request: HttpRequest, obj: CustomKind) -> HttpResponse:
        """Its texts come next."""
        return HttpResponseRedirect(
            f"{reverse('admin:notifications_customkind_change', args=(obj.pk,))}#texts"
        )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        kind = context.get("original")
        found = kind_page.context(kind, request) if kind else {}
        return super().render_change_form(request, {**context, **found}, *args, **kwargs)

    # --- how a sample reads, while it is typed ---------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = path("reads", self.admin_site.admin_view(self.reads), name="notifications_customkind_reads")
        return [own, *super().get_urls()]

    def reads(self, request: HttpRequest) -> HttpResponse:
        """`?kind=money&sample=66`: how it reads, or why it does not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        sample, kind = request.GET.get("sample", ""), request.GET.get("kind", "")
        if kind not in typed.TYPES or not sample.strip():
            return JsonResponse({"reads": "", "why": ""})
        reads = "" if kind == "text" else typed.reads(sample, kind)
        return JsonResponse({"reads": reads, "why": typed.fault(sample, kind)})

    # --- the list -------------------------------------------------------------------------------------------

    @admin.display(description="Category", ordering="category")
    def category_words(self, kind: CustomKind) -> str:
        return f"{kind.category.capitalize()}, ₹{registry.readable(cost.price(kind.code), 'money')}"

    @admin.display(description="Switch", ordering="preference")
    def switch(self, kind: CustomKind) -> str:
        return SWITCHES[kind.preference]

    @admin.display(description="Texts")
    def languages(self, kind: Any) -> str:
        first = sorted(kind.has, key=lambda code: code != "en")
        return ", ".join(map(in_words, first)) or "None yet"

    @admin.display(description="Can be sent")
    def stands(self, kind: Any) -> SafeString:
        how, words = (
            ("is-sent", "Yes") if "en" in kind.is_on
            else ("is-failed", "English is off") if "en" in kind.has
            else ("is-failed", "No English text")
        )  # fmt: skip
        return format_html('<span class="status {}">{}</span>', how, words)

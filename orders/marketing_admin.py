"""The desk for marketing: announcements with what they will cost before they start, and the offers there are."""

from django.contrib import admin
from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from backoffice.pages import Admin
from orders.announcement_form import AnnouncementForm
from orders.announcement_pages import Pages, people, progress
from orders.messages import wordings
from orders.models import Announcement, Offer

Status = Announcement.Status
STOPPABLE = (Status.SCHEDULED, Status.RUNNING, Status.DONE)
STANDS = {
    "draft": "suppressed",
    "scheduled": "queued",
    "running": "queued",
    "done": "sent",
    "stopped": "cancelled",
}
CHOSEN = ("areas", "languages", "bought", "not_bought", "bought_since", "subscribers", "at")
FOR_WHOM = ("For whom", {"fields": CHOSEN[:-1]})


@admin.register(Announcement)
class AnnouncementAdmin(Pages):
    """A draft is changed here; then it is started, after its numbers were seen, and watched."""

    form = AnnouncementForm
    watched = True
    change_form_template = "admin/orders/announcement/change_form.html"
    list_display = (
        "subject",
        "status_label",
        "at",
        "how_far",
        "queued",
        "suppressed",
        "withdrawn",
        "started_by",
    )
    list_filter = ("status", "product")
    list_select_related = ("product", "started_by")
    search_fields = ("product__name", "kind")
    autocomplete_fields = ("product", "bought", "not_bought")
    actions = ("stop",)
    readonly_fields = ("said", "made_by", "made_at", "started_by", "started_at", "stopped_by", "done_at")
    fieldsets = (
        ("What to say", {"fields": ("kind", "product")}),
        FOR_WHOM,
        ("When", {"fields": ("at",)}),
    )
    fixed_fieldsets = (
        ("What it says", {"fields": ("said", "at")}),
        FOR_WHOM,
        ("Who did what", {"fields": readonly_fields[1:]}),
    )

    class Media:
        js = ("orders/announcements.js",)

    def get_fieldsets(self, request, obj=None):
        is_open = obj is None or (obj.status == Status.DRAFT and self.has_change_permission(request, obj))
        return self.fieldsets if is_open else self.fixed_fieldsets

    def get_object(self, request, object_id, from_field=None):
        """A draft is locked until it is saved: whoever starts it meanwhile waits, and is not overwritten."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        return Announcement.objects.select_for_update().get(pk=row.pk)

    def response_post_save_add(self, request, obj):
        """What is planned is looked at next, with its numbers."""
        return HttpResponseRedirect(reverse("admin:orders_announcement_start", args=(obj.pk,)))

    def get_readonly_fields(self, request, obj=None):
        is_fixed = obj is not None and obj.status != Status.DRAFT
        return (*self.readonly_fields, *CHOSEN) if is_fixed else self.readonly_fields

    def has_delete_permission(self, request, obj=None):
        is_draft = obj is not None and obj.status == Status.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        obj.made_by = obj.made_by or request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="what", ordering="product__name")
    def subject(self, row):
        return row.subject

    @admin.display(description="status", ordering="status")
    def status_label(self, row):
        return format_html(
            '<span class="status is-{}">{}</span>', STANDS[row.status], row.get_status_display()
        )

    @admin.display(description="progress")
    def how_far(self, row):
        return f"{row.reached:,} of {people(row)}" if row.started_at else ""

    @admin.display(description="to customers")
    def said(self, row):
        """As their phones show it, with a sample for the name."""
        shown = ((one.language, one.shown or one.fault) for one in wordings(row))
        return (
            format_html_join("", '<p>{}</p><div class="bubble" dir="auto">{}</div>', shown)
            or "Nothing: it has no text."
        )

    @admin.action(description="Stop, and take back what still waits", permissions=("start",))
    def stop(self, request, queryset):
        for row in queryset:
            self._stop(request, row)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        may = row is not None and self.has_change_permission(request, row)
        found = {
            "may_preview": may and row.status == Status.DRAFT,
            "may_stop": row is not None and self.has_start_permission(request) and row.status in STOPPABLE,
            "progress": progress(row) if row is not None and row.status != Status.DRAFT else None,
        }
        if row is not None and row.status != Status.DRAFT:
            found |= dict.fromkeys(
                ("show_save", "show_save_and_continue", "show_save_and_add_another"), False
            )
        return super().change_view(request, object_id, form_url, {**found, **(extra_context or {})})


@admin.register(Offer)
class OfferAdmin(Admin):
    """What was promised, earned and used. Made by the daily job, used by orders: nothing to change here."""

    list_display = ("customer", "percent", "made_at", "until", "earned_at", "order")
    list_filter = (
        ("earned_at", admin.EmptyFieldListFilter),
        ("order", admin.EmptyFieldListFilter),
        "made_at",
    )
    list_select_related = ("customer", "order")
    search_fields = ("customer__name", "customer__phone")
    search_help_text = "The customer's name or number."
    date_hierarchy = "made_at"
    nothing = "Who paused for long is asked back with an offer, once a day. Those offers stand here."

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

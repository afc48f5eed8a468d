"""The desk for marketing: announcements with what they will cost before they start, and the offers there are."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from backoffice import audit
from backoffice.links import link
from backoffice.pages import Admin
from notifications import registry
from orders import announcements
from orders.models import Announcement, Customer, Offer

Status = Announcement.Status
STOPPABLE = (Status.SCHEDULED, Status.RUNNING, Status.DONE)
CHOSEN = ("product", "areas", "languages", "bought", "not_bought", "bought_since", "subscribers", "at")


class AnnouncementForm(forms.ModelForm):
    areas = forms.MultipleChoiceField(required=False, help_text="None: all.")
    languages = forms.MultipleChoiceField(
        required=False,
        choices=registry.LANGUAGES,
        help_text="What the customer's record says; each is told in the language they chose for messages. None: all.",
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


@admin.register(Announcement)
class AnnouncementAdmin(Admin):
    """A draft is changed here; then it is started, after its numbers were seen, and watched."""

    form = AnnouncementForm
    change_form_template = "admin/orders/announcement/change_form.html"
    list_display = ("product", "status", "at", "progress", "queued", "suppressed", "withdrawn", "started_by")
    list_filter = ("status", "product")
    list_select_related = ("product", "started_by")
    search_fields = ("product__name",)
    autocomplete_fields = ("product", "bought", "not_bought")
    actions = ("stop",)
    readonly_fields = (
        "status", "progress", "queued", "suppressed", "withdrawn", "made_by", "made_at", "started_by", "started_at",
        "stopped_by", "done_at", "log",
    )  # fmt: skip
    fieldsets = (
        ("What and when", {"fields": ("product", "at")}),
        (
            "For whom",
            {"fields": ("subscribers", "areas", "languages", "bought", "not_bought", "bought_since")},
        ),
        ("How it goes", {"fields": readonly_fields}),
    )

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets[:2] if obj is None or obj.status == Status.DRAFT else self.fieldsets

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

    def has_start_permission(self, request):
        """To start one costs money, and all of its customers read it: drafting it is a right of its own."""
        return request.user.has_perm("orders.start_announcement")

    def save_model(self, request, obj, form, change):
        obj.made_by = obj.made_by or request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="progress")
    def progress(self, row):
        return f"{row.reached:,} of {row.audience:,} customers" if row.started_at else ""

    @admin.display(description="messages")
    def log(self, row):
        address = reverse("admin:notifications_message_changelist")
        return link(f"{address}?q=product_{row.product_id}", "In the log of messages")

    @admin.action(description="Stop, and take back what still waits", permissions=("start",))
    def stop(self, request, queryset):
        for row in queryset:
            self._stop(request, row)

    def _stop(self, request, row):
        try:
            with transaction.atomic():
                announcements.stop(row, request.user)
                audit.note(request.user, row, "Stopped.")
        except ValidationError as error:
            self.message_user(request, f"{row}: {' '.join(error.messages)}", messages.ERROR)
        else:
            self.message_user(
                request, f"{row}: stopped. What still waits is being taken back.", messages.SUCCESS
            )

    # --- its own pages --------------------------------------------------------------------------------------

    def get_urls(self):
        pages = (("start", self.start_view), ("stop", require_POST(self.stop_view)))
        own = [
            path(f"<int:pk>/{name}", self.admin_site.admin_view(view), name=f"orders_announcement_{name}")
            for name, view in pages
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        may = row is not None and self.has_change_permission(request, row)
        found = {
            "may_preview": may and row.status == Status.DRAFT,
            "may_stop": row is not None and self.has_start_permission(request) and row.status in STOPPABLE,
            "is_under_way": row is not None and row.is_under_way,
        }
        if row is not None and row.status != Status.DRAFT:
            found |= dict.fromkeys(
                ("show_save", "show_save_and_continue", "show_save_and_add_another"), False
            )
        return super().change_view(request, object_id, form_url, {**found, **(extra_context or {})})

    def start_view(self, request, pk):
        """The numbers before it starts; posted, it starts."""
        row = self._found(request, pk)
        if request.method == "POST":
            return self._start(request, row)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": f"Start: {row}",
            "row": row,
            "may_start": self.has_start_permission(request),
            "preview": (preview := announcements.preview(row)),
            "told": f"{preview.told:,}",
            "audience": f"{preview.audience:,}",
            "cost": registry.readable(preview.cost, "money"),
            "reasons": [(reason, f"{count:,}") for reason, count in preview.reasons],
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/orders/announcement/start.html", context)

    def stop_view(self, request, pk):
        row = self._found(request, pk)
        if not self.has_start_permission(request):
            raise PermissionDenied
        self._stop(request, row)
        return self._back(row)

    def _start(self, request, row):
        if not self.has_start_permission(request):
            raise PermissionDenied
        try:
            with transaction.atomic():
                row = announcements.start(row, request.user)
                audit.note(request.user, row, f"Started, audience: {row.audience:,}.")
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            self.message_user(request, f"{row}: started, for {row.audience:,} customers.", messages.SUCCESS)
        return self._back(row)

    def _found(self, request, pk):
        row = self.get_object(request, str(pk))
        if row is None:
            raise PermissionDenied
        return row

    def _back(self, row):
        return HttpResponseRedirect(reverse("admin:orders_announcement_change", args=(row.pk,)))


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
    date_hierarchy = "made_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

"""The pages of an announcement beside its form: its numbers before it starts, how it goes, and stopping it."""

import hashlib
import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from backoffice import audit
from backoffice.pages import Admin
from notifications import registry
from orders import announcement_form, announcements, previewing
from orders.messages import wordings
from orders.models import Announcement

Status = Announcement.Status
CHANGED = (
    "Somebody changed this draft while you were looking: nothing was started. These are its numbers now."
)


class Pages(Admin):
    """Mixed into the admin of announcements."""

    def get_urls(self):
        pages = (
            ("<int:pk>/start", "start", self.start_view),
            ("<int:pk>/stop", "stop", require_POST(self.stop_view)),
            ("<int:pk>/progress", "progress", self.progress_view),
            ("values", "values", self.values_view),
        )
        own = [
            path(address, self.admin_site.admin_view(view), name=f"orders_announcement_{name}")
            for address, name, view in pages
        ]
        return [*own, *super().get_urls()]

    def start_view(self, request, pk):
        """The numbers before it starts; posted, it starts."""
        row = self._found(request, pk)
        if request.method == "POST":
            return self._start(request, row)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        if row.status != Status.DRAFT:
            return self._back(row)
        context = self.admin_site.each_context(request) | {
            "title": f"Start: {row}",
            "opts": self.opts,
            "may_start": self.has_start_permission(request),
        }
        return TemplateResponse(request, "admin/orders/announcement/start.html", context | _numbers(row))

    def stop_view(self, request, pk):
        row = self._found(request, pk)
        if not self.has_start_permission(request):
            raise PermissionDenied
        self._stop(request, row)
        return self._back(row)

    def progress_view(self, request, pk):
        """The part of its page whose numbers move, for the page to ask again."""
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        return TemplateResponse(request, "admin/orders/announcement/progress.html", progress(row))

    def values_view(self, request):
        """The fields of the kind that is chosen, filled as they were so far."""
        if not self.has_add_permission(request) and not self.has_change_permission(request):
            raise PermissionDenied
        form = announcement_form.chosen(request.GET)
        return TemplateResponse(request, "admin/orders/announcement/values.html", {"form": form})

    def has_start_permission(self, request):
        """To start one costs money, and all of its customers read it: drafting it is a right of its own."""
        return request.user.has_perm("orders.start_announcement")

    def _start(self, request, row):
        if not self.has_start_permission(request):
            raise PermissionDenied
        was, seen = row.status, request.POST.get("seen", "")
        try:
            with transaction.atomic():
                if seen and seen != stamp(Announcement.objects.select_for_update().get(pk=row.pk)):
                    self.message_user(request, CHANGED, messages.ERROR)
                    return HttpResponseRedirect(reverse("admin:orders_announcement_start", args=(row.pk,)))
                row = announcements.start(row, request.user)
                if was == Status.DRAFT:
                    audit.note(request.user, row, f"Started, for {people(row)}.")
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            self.message_user(request, f"{row}: started, for {people(row)}.", messages.SUCCESS)
        return self._back(row)

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

    def _found(self, request, pk):
        row = self.get_object(request, str(pk))
        if row is None:
            raise PermissionDenied
        return row

    def _back(self, row):
        return HttpResponseRedirect(reverse("admin:orders_announcement_change", args=(row.pk,)))


def stamp(row):
    """What tells whether a draft says something else, or to others, than what a page showed."""
    said = [
        row.kind, row.product_id, row.values, row.is_notice, row.areas, row.languages, row.bought_id,
        row.not_bought_id, row.bought_since, row.subscribers, row.at,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:16]


def people(row):
    return f"{row.audience:,} customer{'s' if row.audience != 1 else ''}"


def _numbers(row):
    found = previewing.preview(row)
    return {
        "row": row,
        "preview": found,
        "seen": stamp(row),
        "left_out": found.left_out.total(),
        "cost": registry.readable(found.cost, "money"),
        "wordings": () if found.faults else wordings(row),
    }


def progress(row):
    """What the part of the page shows that moves."""
    percent = 100 * row.reached // row.audience if row.audience else 0
    log = f"{reverse('admin:notifications_message_changelist')}?q={row.reference}"
    return {"row": row, "percent": min(percent, 100), "log": log}

"""The daily jobs: when each is due, what it did, and a way not to wait for the next tick."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from jobs.models import Job, JobRun
from jobs.tasks import tick


class Seen(admin.ModelAdmin):
    """Rows that come and go with the code and the clock."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(Seen):
    list_display = ("label", "at", "active", "last_for", "stands", "it_said")
    fields = ("label", "explains", "at", "active", "last_for", "it_said")
    readonly_fields = ("label", "explains", "last_for", "it_said")
    actions = ("tick",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        last = JobRun.objects.filter(job=OuterRef("pk")).order_by("-day")
        found = {f"last_{name}": Subquery(last.values(name)[:1]) for name in ("day", "state", "said")}
        return super().get_queryset(request).annotate(**found).order_by("at", "pk")

    @admin.display(description="what it does")
    def label(self, job: Job) -> str:
        return job.label

    @admin.display(description="in words")
    def explains(self, job: Job) -> str:
        return job.declared.explains if job.declared else "No part of EarlyBird does this any more."

    @admin.display(description="last for")
    def last_for(self, job: Job) -> object:
        return job.last_day

    @admin.display(description="state")
    def stands(self, job: Job) -> str:
        return JobRun.State(job.last_state).label if job.last_state else ""

    @admin.display(description="it said")
    def it_said(self, job: Job) -> str:
        return job.last_said or ""

    @admin.action(
        description="Do what is due now, without waiting for the next tick", permissions=("change",)
    )
    def tick(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        tick.apply_async(retry=False)
        self.message_user(
            request, "All jobs that are due are being done. Their days are below.", messages.SUCCESS
        )


@admin.register(JobRun)
class JobRunAdmin(Seen):
    list_display = ("job", "day", "state", "done", "total", "tries", "started_at", "finished_at", "said")
    list_filter = ("state", "job")
    date_hierarchy = "day"

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

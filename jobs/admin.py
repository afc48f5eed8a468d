"""The daily jobs: when each is due, what it did, and a way not to wait for the next tick."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from backoffice import audit, marks
from backoffice.links import link
from backoffice.pages import Admin
from jobs.due import LOOKS_BACK, next_due
from jobs.lock import is_held
from jobs.models import Job, JobRun
from jobs.nudge import Nudger
from notifications import clock

State = JobRun.State
NUDGER = Nudger("jobs.tasks.tick")
STANDS_OUT = '<strong class="stands-out">{}</strong>'


class Seen(Admin):
    """Rows that come and go with the code and the clock."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def ask_for_tick(modeladmin: admin.ModelAdmin, request: HttpRequest, said: str) -> None:
    """Let a worker do what is due. A nudge that is lost costs five minutes: beat ticks."""
    NUDGER.on_commit()
    modeladmin.message_user(
        request, f"{said} A worker begins at once, or within 5 minutes.", messages.SUCCESS
    )


def stands(run: JobRun) -> str:
    """How a day of a job stands, for staff: what needs a look stands out."""
    if run.state == State.FAILED:
        return marks.status("failed", f"failed {run.tries}×, is tried again")
    if run.state == State.RUNNING and not is_held(run.job_id):
        return marks.status("failed", "broke off, is taken up again")
    return marks.status(run.state, State(run.state).label)


def progress(run: JobRun) -> str:
    done = marks.grouped(run.done) if run.done or run.total else ""
    return f"{done} of {marks.grouped(run.total)}" if run.total else done


@admin.register(Job)
class JobAdmin(Seen):
    list_display = ("label", "at", "active", "next_time", "last_time", "stands", "it_said")
    fields = ("label", "explains", "at", "active", "next_time", "last_time", "stands", "it_said", "its_days")
    readonly_fields = ("label", "explains", "next_time", "last_time", "stands", "it_said", "its_days")
    actions = None
    change_list_template = "admin/jobs/job/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        recent = JobRun.objects.filter(day__gte=clock.day_of(clock.now()) - LOOKS_BACK)
        return super().get_queryset(request).order_by("at", "pk").prefetch_related(Prefetch("runs", recent))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """It looks again by itself while a job runs."""
        found = {
            "is_running": JobRun.objects.filter(state=State.RUNNING).exists(),
            "may_tick": self.has_change_permission(request),
        }
        return super().changelist_view(request, found | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.tick_view))
        return [path("tick", view, name="jobs_job_tick"), *super().get_urls()]

    def tick_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        audit.note_about(request.user, Job, "Asked for what is due to be done now.")
        ask_for_tick(self, request, "What is due is done. Its days are under “Days of jobs”.")
        return HttpResponseRedirect(reverse("admin:jobs_job_changelist"))

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        when = _moment(next_due(obj, clock.now()))
        said = f"Next: {when}." if obj.active else "It is off. Days that pass until it is on are not made up."
        self.message_user(request, said, messages.INFO)

    @admin.display(description="what it does")
    def label(self, job: Job) -> str:
        return job.label

    @admin.display(description="in words")
    def explains(self, job: Job) -> str:
        return job.declared.explains if job.declared else "No part of EarlyBird does this any more."

    @admin.display(description="next")
    def next_time(self, job: Job) -> str:
        at = next_due(job, clock.now()) if job.declared else None
        if at is None:
            return ""
        return _moment(at) if at > clock.now() else f"waits since {_moment(at)}"

    @admin.display(description="last done")
    def last_time(self, job: Job) -> str:
        done = (run.finished_at for run in job.runs.all() if run.state == State.DONE)
        return _moment(next(done, None))

    @admin.display(description="state")
    def stands(self, job: Job) -> str:
        """Of its last day; an earlier one that failed is named."""
        if not (runs := list(job.runs.all())):
            return ""
        last, *before = runs
        failed = [_day(run.day) for run in before if run.state == State.FAILED]
        also = format_html(STANDS_OUT, f"; failed for {', '.join(failed)}") if failed else ""
        return format_html("{}{}", stands(last), also)

    @admin.display(description="it said")
    def it_said(self, job: Job) -> str:
        run = _last(job)
        return (progress(run) if run.state == State.RUNNING else run.said) if run else ""

    @admin.display(description="its days")
    def its_days(self, job: Job) -> str:
        address = reverse("admin:jobs_jobrun_changelist")
        return link(f"{address}?job__code__exact={job.pk}", "All its days")


def _last(job: Job) -> JobRun | None:
    return next(iter(job.runs.all()), None)


def _day(day: date) -> str:
    return date_format(day, "j M")


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "j M, g:i A") if at else ""


@admin.register(JobRun)
class JobRunAdmin(Seen):
    list_display = ("job", "day", "stands", "progress", "said", "started", "took")
    nothing = "Each day of each daily job is kept here, with what it did."
    list_filter = ("state", "job")
    list_select_related = ("job",)
    date_hierarchy = "day"
    actions = ("again",)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_repeat_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.display(description="state", ordering="state")
    def stands(self, run: JobRun) -> str:
        return stands(run)

    @admin.display(description="progress")
    def progress(self, run: JobRun) -> str:
        return progress(run)

    @admin.display(description="started", ordering="started_at")
    def started(self, run: JobRun) -> str:
        return _moment(run.started_at)

    @admin.display(description="took")
    def took(self, run: JobRun) -> str:
        return f"{(run.finished_at - run.started_at).total_seconds():,.0f} s" if run.finished_at else ""

    @admin.action(description="Do these days again, or after all", permissions=("repeat",))
    def again(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        """What is done already is not done twice: that is every job's own care."""
        since = clock.day_of(clock.now()) - LOOKS_BACK
        off, late = queryset.filter(job__active=False), queryset.filter(day__lt=since)
        for why, rows in (("is switched off: switch it on first", off), ("is too long ago", late)):
            for run in rows:
                self.message_user(request, f"{run} {why}.", messages.ERROR)
        chosen = queryset.filter(job__active=True, day__gte=since).exclude(state=State.RUNNING)
        with transaction.atomic():
            ids = list(chosen.select_for_update(of=("self",)).values_list("pk", flat=True))
            count = JobRun.objects.filter(pk__in=ids).update(state=State.WAITING, said="", finished_at=None)
            audit.note_many(request.user, JobRun, "Asked for this day to be done again.", ids)
        if count:
            ask_for_tick(self, request, f"{count} {'day is' if count == 1 else 'days are'} done again.")

"""When each daily job is due, and which days are done."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q

from jobs import registry


class Job(models.Model):
    """What staff set of a job that an app declares (`registry.DailyJob`)."""

    code = models.CharField(max_length=40, primary_key=True, editable=False)
    at = models.TimeField(
        "time of day", help_text="Indian time. It is done within 5 minutes of it, never before."
    )
    active = models.BooleanField(
        default=True, help_text="Off: days that pass meanwhile are not made up later."
    )

    class Meta:
        verbose_name = "daily job"

    def __str__(self) -> str:
        return self.label

    @property
    def declared(self) -> registry.DailyJob | None:
        return registry.get(self.code)

    @property
    def label(self) -> str:
        return self.declared.label if self.declared else self.code


class JobRun(models.Model):
    """One job's one day.

    running ──► done;  running ──► failed ──► running, at the next tick;  off: it was switched off when it was due;
    done | failed | off ──► waiting ──► running: staff want it done again;
    running ──► waiting ──► running: it was not to wait longer for the one it comes after, and is done again after it.
    A run whose worker died stays `running` until the next tick takes it up.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed", "failed, is tried again"
        OFF = "off", "switched off"
        WAITING = "waiting", "waits to be done again"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="runs")
    day = models.DateField()
    state = models.CharField(max_length=7, choices=State)
    tries = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    said = models.TextField("what it did", blank=True)

    class Meta:
        ordering = ("-day", "-started_at")
        verbose_name = "day of a job"
        verbose_name_plural = "days of jobs"
        constraints = (
            models.UniqueConstraint(fields=("job", "day"), name="job_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=("running", "done", "failed", "off", "waiting")), name="job_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.job}, {self.day}"


FINAL = (JobRun.State.DONE, JobRun.State.OFF)


def time_of(code: str) -> time:
    """The time of day (IST) a job is due at, as staff set it. Raises KeyError where no app declares it."""
    found = Job.objects.filter(pk=code).values_list("at", flat=True).first()
    if found is not None:
        return found
    if declared := registry.get(code):
        return declared.at
    raise KeyError(code)

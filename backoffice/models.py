"""What staff do to many rows at once: looked at first, then confirmed, then done in chunks.

    looking ──► ready ──► running ──► done
       │          │          ├──► stopped     (by staff; what is done is done)
       └──────────┴──────────┴──► failed      (our own code broke; the log has it)

The row is the truth: `acts` moves it, a chunk and its progress commit together, and Celery only carries nudges.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from backoffice.tally import Tally
from notifications import clock


class Act(models.Model):
    """One act. `chosen` is what staff pointed at; `will` is what was shown to them, and all that is done."""

    class State(models.TextChoices):
        LOOKING = "looking", "being looked at"
        READY = "ready", "waits for a yes"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        STOPPED = "stopped", "stopped"
        FAILED = "failed", "broken off"

    code = models.CharField(max_length=50)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    about = models.CharField(max_length=300, blank=True, help_text="What was chosen, in words.")
    why = models.CharField(max_length=200, blank=True)
    chosen = ArrayField(models.BigIntegerField(), default=list, blank=True)
    will = ArrayField(models.BigIntegerField(), default=list, blank=True)
    asked = models.PositiveIntegerField(default=0, help_text="Rows that were chosen.")
    total = models.PositiveIntegerField(default=0, help_text="Rows that it is to be done to.")
    position = models.PositiveIntegerField(default=0, help_text="Rows that are behind us.")
    foreseen = models.JSONField(default=dict)
    came = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.LOOKING)
    stopped_by = models.CharField(max_length=150, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "act on many messages"
        verbose_name_plural = "acts on many messages"
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("id",), condition=Q(state__in=("looking", "running")), name="act_under_way"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("looking", "ready", "running", "done", "stopped", "failed")),
                name="act_state_known",
            ),
        )

    def __str__(self) -> str:
        return f"act {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether it moves by itself."""
        return self.state in (self.State.LOOKING, self.State.RUNNING)

    @property
    def outlook(self) -> Tally:
        return Tally.of(self.foreseen)

    @property
    def result(self) -> Tally:
        return Tally.of(self.came)

    @property
    def percent(self) -> int:
        whole = self.asked if self.state == self.State.LOOKING else self.total
        return 100 * self.position // whole if whole else 100

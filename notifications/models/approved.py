"""The templates that WhatsApp approved, or did not, as MyOperator listed them last."""

from __future__ import annotations

import logging

from django.db import models

from notifications import approved

logger = logging.getLogger(__name__)

APPROVED, PAUSED = "approved", "paused"


class ApprovedTemplate(models.Model):
    """One template in one language. Written by the sync only, and paused by an answer that says so."""

    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    category = models.CharField(max_length=32, blank=True)
    category_was = models.CharField(
        max_length=32, blank=True, help_text="What it was before WhatsApp changed it."
    )
    status = models.CharField(
        max_length=32, blank=True, help_text="approved, pending, rejected, paused or disabled."
    )
    quality = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is not approved, if it is said.")
    body = models.TextField(blank=True)
    components = models.JSONField(default=list, blank=True)
    provider_id = models.CharField(max_length=64, blank=True)
    synced_at = models.DateTimeField(help_text="When it was listed last.")
    gone = models.BooleanField(default=False, help_text="MyOperator lists it no more.")

    class Meta:
        ordering = ("name", "language")
        constraints = (
            models.UniqueConstraint(fields=("name", "language"), name="approved_name_language_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def sendable(self) -> bool:
        return self.status == APPROVED and not self.gone

    @property
    def standing(self) -> str:
        """Its state in a word or two, with the reason where it is known."""
        if self.gone:
            return "no longer listed by MyOperator"
        reason = self.reason.rstrip(".")
        return f"{self.status or 'of unknown status'}{f' ({reason})' if reason else ''}"

    @property
    def placeholders(self) -> list[str]:
        return approved.placeholders(self.body)

    @classmethod
    def find(cls, name: str, language: str) -> ApprovedTemplate | None:
        return cls.objects.filter(name=name, language=language).first()

    @classmethod
    def turned_marketing(cls) -> list[ApprovedTemplate]:
        """Those that were utility, and are charged as marketing since."""
        return list(cls.objects.filter(category="marketing", category_was="utility", gone=False))

    @classmethod
    def pause(cls, name: str, language: str, why: str) -> None:
        """An answer said that it cannot be used at present. One that is not approved stays as it is."""
        found = cls.objects.filter(name=name, language=language, status=APPROVED)
        if found.update(status=PAUSED, reason=why[:500]):
            logger.warning("the approved template %s (%s) is paused: %s", name, language, why)

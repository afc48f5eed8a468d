"""The ledger of wishes: who changed what, when, how, and by which words. Only appended to, by `wishes.change`."""

import re
from datetime import datetime

from django.db import models
from django.utils import timezone

from notifications import registry

ABOUT = {
    "enabled": "all messages",
    "order": "about orders",
    "subscription": "about subscriptions",
    "delivery": "about deliveries",
    "payment": "about payments",
    "promotional": "news and offers",
    "marketing_opt_in_at": "asked for offers",
    "quiet_from": "do not disturb from",
    "quiet_until": "do not disturb until",
    "unreachable_at": "not on WhatsApp",
    "user": "user",
    "language": "language",
}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T")
_CLOCK = re.compile(r"\d{2}:\d{2}(?=:\d{2}$)")


def _words(value: str) -> str:
    """A kept value as people write it, moments and hours in Indian time."""
    if _MOMENT.match(value):
        local = timezone.localtime(datetime.fromisoformat(value))
        return f"{local.day} {local:%b %Y, %-I:%M %p}"
    clock = _CLOCK.match(value)
    return clock[0] if clock else dict(registry.LANGUAGES).get(value, value) or "nothing"


class ConsentEvent(models.Model):
    """One field of one number's preference that changed.

    No foreign keys: it outlives the preference, the user and the message that it speaks of.
    """

    class Act(models.TextChoices):
        OPT_IN = "opt_in", "asked for it"
        OPT_OUT = "opt_out", "wants it no more"
        OTHER = "other", "changed"

    class How(models.TextChoices):
        REPLY = "reply", "by a WhatsApp reply"
        API = "api", "by API"
        ADMIN = "admin", "by staff, at the desk"
        PROVIDER = "provider", "as WhatsApp reported"
        IMPORT = "import", "by import"
        APP = "app", "by one of our apps"

    phone = models.CharField(max_length=16)
    what = models.CharField(max_length=24, help_text="The field of the preference.")
    act = models.CharField(max_length=8, choices=Act)
    old = models.CharField(max_length=150, blank=True)
    new = models.CharField(max_length=150, blank=True)
    how = models.CharField(max_length=10, choices=How)
    by = models.CharField(max_length=150, blank=True, help_text="The user, or empty.")
    words = models.CharField(
        max_length=500, blank=True, help_text="What the customer wrote, or the text they agreed to."
    )
    inbound_id = models.BigIntegerField(null=True, blank=True, help_text="The message that said so.")
    at = models.DateTimeField(help_text="When it was said.")

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "change of wishes"
        verbose_name_plural = "changes of wishes"
        indexes = (models.Index(fields=("phone", "-at", "-id"), name="consent_by_phone"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(act__in=["opt_in", "opt_out", "other"]), name="consent_act_known"
            ),
            models.CheckConstraint(
                condition=models.Q(how__in=["reply", "api", "admin", "provider", "import", "app"]),
                name="consent_how_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.about}: {self.was} → {self.became}"

    @property
    def about(self) -> str:
        """The field, as staff call it."""
        return ABOUT.get(self.what, self.what)

    @property
    def was(self) -> str:
        return _words(self.old)

    @property
    def became(self) -> str:
        return _words(self.new)

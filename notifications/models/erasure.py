"""That a person was erased: who did it, when, and enough to answer that person later, and nobody else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

_SALT = "notifications.erasure"
PREFIX = "erased-"  # of what stands in the log instead of a number


def is_erased(phone: str) -> bool:
    """Whether the one who had this number was erased, so that only a token is left."""
    return phone.startswith(PREFIX)


def fingerprint(phone: str, key: str | bytes | None = None) -> str:
    """A number's HMAC under SECRET_KEY (or another): without the key, ten digits would be tried in minutes."""
    return salted_hmac(_SALT, phone, secret=key, algorithm="sha256").hexdigest()


class ErasureEvent(models.Model):
    """One erasure. Of the number only its fingerprint is kept."""

    number_hash = models.CharField(max_length=64, db_index=True, help_text="HMAC of the E.164 number.")
    token = models.CharField(max_length=16, help_text="What stands in the log instead of the number.")
    by = models.CharField(max_length=150, help_text="Who did it.")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it broke off. Do it again.")
    counts = models.JSONField(default=dict, help_text="How many rows of each sort.")

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "erased person"
        verbose_name_plural = "erased people"
        permissions = (("erase_person", "Can erase a person"),)

    def __str__(self) -> str:
        return self.token

    @classmethod
    def of(cls, phone: str) -> models.QuerySet[ErasureEvent]:
        """The erasures of this number (E.164), the last first; under older secret keys too."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return cls.objects.filter(number_hash__in=[fingerprint(phone, key) for key in keys])

"""What a customer wants to hear, by number."""

from django.conf import settings
from django.db import models

from notifications.phones import mask


class NotificationPreference(models.Model):
    """One row per number that said something; a number without a row has said nothing.

    `user` is bound by staff only: nobody reads another's messages by editing their own phone.
    """

    phone = models.CharField(max_length=16, unique=True, help_text="E.164, for example +919876543210.")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=8, blank=True, help_text="Empty: the customer record's.")
    enabled = models.BooleanField(default=True, help_text="Off: nothing is sent to this number.")
    order = models.BooleanField(default=True)
    subscription = models.BooleanField(default=True)
    delivery = models.BooleanField(default=True)
    payment = models.BooleanField(default=True)
    promotional = models.BooleanField(default=True)
    marketing_opt_in_at = models.DateTimeField(
        null=True, blank=True, help_text="When the customer asked for offers. Empty: no offers."
    )
    quiet_from = models.TimeField(null=True, blank=True, help_text="Do not disturb from (IST).")
    quiet_until = models.TimeField(null=True, blank=True, help_text="Do not disturb until (IST).")
    unreachable_at = models.DateTimeField(
        null=True, blank=True, help_text="When WhatsApp said that this number cannot be reached."
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("phone",)
        verbose_name = "preference"
        verbose_name_plural = "preferences"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_both_or_none",
                violation_error_message="Give both ends of the quiet hours, or neither.",
            ),
        )

    def __str__(self) -> str:
        return mask(self.phone)  # titles, histories and logs show it to everybody

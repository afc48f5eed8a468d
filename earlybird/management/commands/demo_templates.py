"""The texts of the demo shop name the sandbox's approved templates, as staff would do it once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications import template_sync
from notifications.clock import now
from notifications.models import ApprovedTemplate, MessageTemplate
from notifications.providers.base import Failure

# What stands at {{1}}, {{2}}, … of the template that the sandbox has for each kind, under the kind's name.
PLACEHOLDERS = {
    "order_confirmation": ("customer_name", "order_id"),
    "subscription_confirmation": ("customer_name", "product", "start_date"),
    "pause_confirmation": ("customer_name", "resume_date"),
    "churn_risk": (),
    "new_product": ("product", "availability_date", "price"),
    "delivery_reminder": ("customer_name", "delivery_date"),
    "delivery_confirmed": ("delivery_date", "order_id"),
    "delivery_delayed": ("eta_time", "delivery_boy_phone"),
    "payment_reminder": ("customer_name", "amount", "period"),
    "payment_confirmation": ("amount", "month", "payment_method"),
}


class Command(BaseCommand):
    help = (
        "With the sandbox and MYOPERATOR_API=chat: fetch the approved templates, and name them in the texts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.SANDBOX and settings.MYOPERATOR_API == "chat"):
            raise CommandError(
                "This is for the sandbox with MYOPERATOR_API=chat: a shop names its own templates."
            )
        try:
            template_sync.sync(now())
        except Failure as failure:
            raise CommandError(failure.words) from failure
        named = sum(map(_name, ApprovedTemplate.objects.filter(name__in=PLACEHOLDERS, gone=False)))
        self.stdout.write(f"{named} texts were given their approved template.")


def _name(template: ApprovedTemplate) -> bool:
    """What staff named themselves stays as it is."""
    text = MessageTemplate.objects.filter(
        kind=template.name, language=template.language, approved_name=""
    ).first()
    if text is None:
        return False
    text.approved_name = template.name
    text.placeholders = {str(n): variable for n, variable in enumerate(PLACEHOLDERS[template.name], 1)}
    text.save()
    return True

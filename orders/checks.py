"""What the shop's own settings have to be, said by `manage.py check`."""

from django.conf import settings
from django.core.checks import Error, register


@register()
def churn_days_make_sense(**_):
    if settings.CHURN_DAYS < 1:
        yield Error(
            f"CHURN_DAYS={settings.CHURN_DAYS} would ask customers back before they are away.",
            hint="A number of days from 1, for example 14.",
            id="orders.E001",
        )

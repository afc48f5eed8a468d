"""What is wrong with the settings of bills."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

VPA = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9.-]{1,63}")


@register()
def settings_of_bills(**_: object) -> list[CheckMessage]:
    return [*_upi(), *_days()]


def _upi() -> Iterator[CheckMessage]:
    if settings.UPI_VPA and not VPA.fullmatch(settings.UPI_VPA):
        yield Error(
            f"UPI_VPA={settings.UPI_VPA!r} is no UPI address: money would go nowhere, or to somebody else.",
            hint="Copy it from the bank's app; it reads like earlybird@okaxis.",
            id="billing.E001",
        )
    if settings.UPI_VPA and not settings.UPI_NAME:
        yield Warning(
            "UPI_NAME is not set: who pays by UPI sees no name, and may not trust the link.",
            hint="Set it to the shop's name as the bank knows it.",
            id="billing.W001",
        )


def _days() -> Iterator[CheckMessage]:
    if settings.BILL_DUE_DAYS < 0:
        yield Error(
            f"BILL_DUE_DAYS={settings.BILL_DUE_DAYS}: bills would be due before they are made.",
            hint="Set it to 0 or more days.",
            id="billing.E002",
        )

"""What works today and will cost, or stop, tomorrow: sentences for health and for the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from notifications import approved, template_sync, tier, timeline
from notifications.models import ApprovedTemplate, MessageTemplate, Reach

STALE = timedelta(hours=3)  # the sync is made each hour: two were missed


def all_of_them(now: datetime) -> list[str]:
    """Everything there is to say; names no customer, for anybody may ask how we are."""
    return [*of_templates(now), *_of_tier()]


def of_templates(now: datetime) -> Iterator[str]:
    """Of the approved templates; nothing where none are needed."""
    if not approved.in_force():
        return
    if turned := ApprovedTemplate.turned_marketing():
        named = ", ".join(map(str, turned))
        yield f"WhatsApp made marketing of what was utility: {named}. It costs 6.6 times as much; correct the text."
    if stuck := list(_stuck()):
        yield f"Messages wait, because an approved template cannot be sent any more: {'; '.join(stuck)}."
    last = template_sync.last_synced()
    if last is not None and last < now - STALE:
        read = timeline.when(last)
        yield f"MyOperator's list of templates is old: it was read {read}. Read it again, or see the log."


def _stuck() -> Iterator[str]:
    """What texts went by until now."""
    texts = MessageTemplate.objects.filter(active=True)
    wanted = {(used["name"], used["language"]) for text in texts if (used := text.in_use)}
    for template in ApprovedTemplate.objects.filter(name__in={name for name, _ in wanted}):
        if (template.name, template.language) in wanted and not template.sendable:
            yield f"{template} is {template.standing}"


def _of_tier() -> Iterator[str]:
    reach = Reach.objects.filter(number=settings.MYOPERATOR_PHONE_NUMBER).first()
    most = tier.limit()
    if reach is not None and most is not None and tier.percent(reach.people, most) >= tier.WARN_AT[0]:
        yield (
            f"We wrote to {reach.people:,} people in 24 hours, of {most:,} that WhatsApp allows "
            f"({tier.percent(reach.people, most)} %). Ask MyOperator for a higher tier, or send less."
        )

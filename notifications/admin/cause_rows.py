"""What the pages of Needs attention show of a cause: its messages, where it is put right, what that leads to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse

from backoffice.links import may_open
from backoffice.masking import shown, shown_in
from notifications import acts, attention, registry, timeline
from notifications.attention import Cause
from notifications.causes import Remedy
from notifications.clock import now as clock_now
from notifications.models import Message, MessageTemplate, Priority, QueuedMessage

EXAMPLES = 3


def examples(cause: Cause) -> list[dict[str, Any]]:
    if cause.is_channel:
        return []
    return [row(message) for message in attention.messages_of(cause, clock_now())[:EXAMPLES]]


def row(message: Message) -> dict[str, Any]:
    """A message as these pages show it."""
    person, kind = registry.person_of(message.phone), registry.get(message.kind)
    address = registry.link_of(message.reference_id)
    return {
        "message": message,
        "when": timeline.when(message.created_at),
        "name": person[0] if person else "",
        "person": person[1] if person and may_open(person[1]) else "",
        "phone": shown(message.phone),
        "kind": kind.label if kind else message.kind,
        "link": address if address and may_open(address) else "",
        "why": shown_in(message.error, message.phone),
        "page": reverse("admin:notifications_message_change", args=(message.pk,)),
    }


def elsewhere(cause: Cause) -> str:
    """The address of the page where it is put right, if that is another one."""
    kind = cause.kinds[0] if cause.kinds else ""
    if cause.remedy == Remedy.KIND:
        return reverse("admin:notifications_customkind_add")
    if cause.remedy == Remedy.WRITE:
        return f"{reverse('admin:notifications_messagetemplate_add')}?kind={kind}&language=en"
    if cause.remedy != Remedy.CORRECT:
        return ""
    texts = MessageTemplate.objects.filter(kind=kind).order_by("language").values_list("pk", "language")
    pk = next((pk for pk, language in texts if language == "en"), texts[0][0] if texts else None)
    return reverse("admin:notifications_messagetemplate_change", args=(pk,)) if pk else ""


def foreseen(cause: Cause) -> list[str]:
    """What clearing it will lead to, in sentences."""
    if cause.remedy in (Remedy.RESUME, Remedy.TRY):
        return _of_waiting()
    if cause.remedy == Remedy.SWITCH_ON:
        off = MessageTemplate.objects.filter(kind__in=cause.kinds, active=False).order_by("language")
        named = ", ".join(text.get_language_display() for text in off) or "none: it is on by now"
        return [
            f"Languages that are switched on by this: {named}.",
            "By itself this sends nothing. The next page says how many of these can be sent then, what it costs,"
            " and asks.",
        ]
    if cause.remedy == Remedy.SYNC:
        return [
            "This asks MyOperator for the list of approved templates, which takes a few seconds and costs nothing."
        ]
    return []


def _of_waiting() -> list[str]:
    """What goes out when the channel opens."""
    waiting = QueuedMessage.objects.filter(held_for=None).values_list("priority", flat=True)
    found = Counter(waiting[: acts.SEND_AGAIN.most])
    by = {"marketing": found.pop(Priority.MARKETING, 0), "utility": found.total()}
    count = sum(by.values())
    if not count:
        return ["No message waits at this moment."]
    waits = "1 message waits and goes" if count == 1 else f"{count:,} messages wait and go"
    return [
        f"{waits}, in {acts.how_long(count)} at most, each at its time; what is too late by now does not.",
        acts.costs(by),
    ]

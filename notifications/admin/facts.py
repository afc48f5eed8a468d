"""What one message is, by name: whom it goes to, what it is about, its place in the queue, what it cost."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from backoffice.links import link
from backoffice.masking import number_in, sees_numbers, shown
from notifications import registry, timeline
from notifications.models import Message


def of(message: Message, page: Any) -> list[tuple[str, Any]]:
    """Names and what is shown beside them. `page`: the list's, which writes some of them as its columns."""
    found = [
        ("Status", page.status_label(message)),
        ("To", _to(message)),
        ("Kind", page.kind_label(message)),
        ("About", _about(message, page.reference(message))),
        ("In the queue", _in_queue(message)),
        ("Tries", message.tries),
        ("Text version", page.made_from(message)),
        ("Cost", f"₹{message.cost.normalize():f}" if message.cost is not None else "nothing yet"),
    ]
    return [*found, ("Approved template", message.approved["name"])] if message.approved else found


def _to(message: Message) -> SafeString:
    """Who it goes to, with a link to them and to what else they were told."""
    who = registry.person_of(message.phone)
    name = registry.names({message.phone}).get(message.phone, "")
    number = shown(message.phone)
    if who and who[0] == number:  # it is nobody's whom we know by name
        return format_html("{}{}", link(who[1], number), _their_messages(message))
    person = format_html("{}, ", link(who[1], who[0])) if who else f"{name}, " if name else ""
    return format_html("{}{}{}", person, number, _their_messages(message))


def _their_messages(message: Message) -> SafeString | str:
    """A number that was refused, or erased, is kept masked: it finds nothing."""
    finds = sees_numbers() and number_in(message.phone)
    return _found_link(message.phone, "All their messages") if finds else ""


def _about(message: Message, reference: SafeString | str) -> SafeString | str:
    if not message.reference_id:
        return reference
    return format_html("{}{}", reference, _found_link(message.reference_id, "All messages about it"))


def _in_queue(message: Message) -> str:
    queued = getattr(message, "queued", None)
    if queued is None:
        return "Not any more."
    held, why = queued.get_held_for_display(), timeline.waits_for(queued)
    waits = f", on hold: {held}" if held else f", waits for {why}" if why else ""
    return f"Due {timeline.when(queued.due_at)}{waits}. Tries so far: {queued.tries}."


def _found_link(term: str, words: str) -> SafeString:
    address = f"{reverse('admin:notifications_message_changelist')}?{urlencode({'q': term})}"
    return format_html(' <a class="aside" href="{}">{}</a>', address, words)

"""The way from a message to the text that it was made from."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notifications.models import Message, MessageTemplate


def version_link(message: Message) -> SafeString:
    """`version 7`, leading to that version's page; words alone where there is none."""
    if message.template_version is None:
        return format_html("{}", "words that were not saved" if message.is_test else "–")
    text = MessageTemplate.objects.filter(kind=message.kind, language=message.language).first()
    if text is None:
        return format_html("version {}", message.template_version)
    page = reverse("admin:notifications_messagetemplate_version", args=(text.pk, message.template_version))
    return format_html('<a href="{}">version {}</a>', page, message.template_version)

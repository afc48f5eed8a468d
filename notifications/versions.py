"""The versions of a text: one beside another, and back to an earlier one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from notifications.models import MessageTemplate, TemplateVersion


def go_back(text_id: int, number: int, by: Any, seen: int) -> MessageTemplate:
    """Make the words of an earlier version the next one. Returns the text as it is now.

    seen: the version that was in use when `by` looked. Raises ValidationError where another is by now, where the
    words are the same, or where they cannot be rendered any more; TemplateVersion.DoesNotExist.
    """
    with transaction.atomic():
        text = MessageTemplate.objects.select_for_update(of=("self",)).get(pk=text_id)
        earlier = TemplateVersion.objects.get(template=text, number=number)
        if text.version != seen:
            raise ValidationError(
                f"Version {text.version} was saved while you were looking. Look again before you go back."
            )
        if text.content == earlier.content:
            raise ValidationError(
                f"The text says what version {number} says: there is nothing to go back to."
            )
        text.content, text.updated_by = earlier.content, by
        text.save(note=f"back to version {number}")
    return text

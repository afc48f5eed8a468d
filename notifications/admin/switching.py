"""Texts switched on and off from a list, or from what needs attention."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from backoffice import audit
from notifications.models import MessageTemplate


@transaction.atomic
def switch(
    request: HttpRequest, texts: QuerySet[MessageTemplate], active: bool, words: str
) -> list[MessageTemplate]:
    """Switch these texts, and return those that are. One that does not fit its kind any more is named, and left.

    Locked, so that words which somebody saves meanwhile are not saved over. `words`: for the audit trail.
    """
    return [text for text in texts.select_for_update(of=("self",)) if _switched(request, text, active, words)]


def _switched(request: HttpRequest, text: MessageTemplate, active: bool, words: str) -> bool:
    text.active, text.updated_by = active, request.user  # type: ignore[assignment]
    try:
        with transaction.atomic():
            text.save()
            audit.note(request.user, text, words)
    except ValidationError as error:
        messages.error(request, f"{text}: {' '.join(error.messages)} Correct the text first.")
        return False
    return True

"""Who may be told what. Asked when a message is queued, and again when it is due."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from notifications.models.kind_texts import in_words
from notifications.registry import MessageKind

Refusal = tuple[str, str]


class Wishes(Protocol):
    """What consent reads of what a customer said: looked up by number, or claimed with the row."""

    @property
    def enabled(self) -> bool | None: ...
    @property
    def order(self) -> bool | None: ...
    @property
    def subscription(self) -> bool | None: ...
    @property
    def delivery(self) -> bool | None: ...
    @property
    def payment(self) -> bool | None: ...
    @property
    def promotional(self) -> bool | None: ...
    @property
    def opted_in_at(self) -> object | None: ...
    @property
    def unreachable_at(self) -> object | None: ...


def refusal(kind: MessageKind, phone: str, wishes: Wishes | None, *, is_test: bool = False) -> Refusal | None:
    """Why this kind is not sent to this number: (code, words for staff), or None where it may be.

    A test goes only to the numbers that are there for it, which need not have asked for offers; STOP is STOP.
    """
    if settings.NOTIFICATION_ALLOWED_NUMBERS and phone not in settings.NOTIFICATION_ALLOWED_NUMBERS:
        return "not_allowed", "This system may only message the numbers in NOTIFICATION_ALLOWED_NUMBERS."
    if is_test and phone not in settings.NOTIFICATION_TEST_NUMBERS:
        return "not_test_number", "Tests go only to the numbers in NOTIFICATION_TEST_NUMBERS."
    if kind.about_consent:
        return None
    if wishes is not None and wishes.enabled is not None:
        said = _said(kind, wishes)
        if said:
            return said
    if kind.category == "marketing" and not is_test and (wishes is None or wishes.opted_in_at is None):
        return "no_opt_in", "The customer has not asked for offers."
    return None


def text_off(code: str, language: str) -> Refusal:
    """Why nothing of a kind is sent whose text staff switched off."""
    return "template_off", f"The {in_words(language)} text of {code} is switched off."


def _said(kind: MessageKind, wishes: Wishes) -> Refusal | None:
    if not wishes.enabled:
        return "opted_out", "The customer switched all messages off."
    if not getattr(wishes, kind.preference):
        return "category_off", f"The customer switched {kind.preference} messages off."
    if wishes.unreachable_at is not None:
        return "unreachable", "WhatsApp said that this number cannot be reached. Check it with the customer."
    return None

"""A text that staff are writing, sent to a phone of theirs: marked as a test, and else a message like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from notifications import nudge, registry
from notifications.clock import now as clock_now
from notifications.models import Message, MessageEvent, MessageTemplate, Priority, QueuedMessage
from notifications.outbox.compose import Draft, Item, Writer
from notifications.outbox.lookup import Text
from notifications.outbox.record import record
from notifications.phones import BadPhone, e164

WORTH = timedelta(hours=1)  # who tries a text looks at the phone now
EVENT = "test"  # the event that says who tried which version


class NotForTests(ValueError):
    """The number is none that tests may go to."""


@dataclass
class _Trial(Writer):
    """Writes what stands in the editor, not what is saved."""

    content: str = ""
    text_language: str = "en"

    def _text(self, language: str) -> Text:
        saved = self.texts.get(self.text_language)
        if saved is not None and saved.content == self.content:
            return saved._replace(active=True)
        return Text(self.text_language, self.content, 0, True)


def queue_test(kind: str, *, to: str, language: str, content: str, by: str) -> Message:
    """Record a test: this text, saved or not, filled with the samples of its kind.

    It has no reference and no key, is worth an hour, keeps the pace and goes at any hour. Where only approved
    templates go out, words that are not saved go as plain text, within 24 hours of what that phone wrote.
    by: the user's name. Raises NotForTests.
    """
    now = clock_now()
    phone = _allowed(to)
    item = Item(phone, _samples(kind), language=language, expires_at=now + WORTH, is_test=True)
    with transaction.atomic():
        draft = _Trial(kind, [item], now, content=content, text_language=language).drafts()[0]
        draft.version = draft.version or None
        draft.priority = Priority.UTILITY  # it neither pushes ahead nor waits behind a campaign
        record([draft])
        MessageEvent.objects.create(
            message_id=draft.message_id, what=EVENT, detail=_tried(draft, language), by=by[:150]
        )
        QueuedMessage.objects.filter(pk=draft.message_id).update(passes_hours=True)
        nudge.on_commit()
    return draft.message()


def _allowed(to: str) -> str:
    try:
        phone = e164(to)
    except BadPhone as error:
        raise NotForTests(str(error)) from error
    if phone not in settings.NOTIFICATION_TEST_NUMBERS:
        raise NotForTests(
            f"{phone} is not among the numbers for tests: choose one of those, or have it added."
        )
    return phone


def _samples(code: str) -> dict[str, object]:
    kind = registry.get(code)
    return {variable.name: variable.sample for variable in kind.variables} if kind else {}


def _tried(draft: Draft, language: str) -> str:
    """Which text it was, as the log says it: `version 7`, `version 7, changed and not saved`."""
    if draft.version:
        return f"version {draft.version}"
    saved = MessageTemplate.objects.filter(kind=draft.kind, language=language).first()
    return f"version {saved.version}, changed and not saved" if saved else "a text that is not saved yet"

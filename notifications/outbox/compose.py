"""From an item to a draft: who may be told, in which language, with which words, until when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from notifications import approved, consent, registry, storable, templating
from notifications.clock import now as clock_now
from notifications.formats import BadValue
from notifications.models import Priority, Status
from notifications.outbox.draft import Draft, Item
from notifications.outbox.lookup import Said, Text, look_up
from notifications.phones import BadPhone, e164, mask
from notifications.schedule import IST
from notifications.storable import plain

logger = logging.getLogger(__name__)

__all__ = ["LONGEST_VARIABLES", "Draft", "Item", "Writer"]

LONGEST_VARIABLES = 16_000  # characters of JSON kept with a message


@dataclass
class Writer:
    """Writes the drafts of one kind, with one look-up for texts and wishes together.

    `numbers_checked`: staff have, so that a number could not be reached before does not stand in the way.
    """

    code: str
    items: Sequence[Item]
    now: datetime
    numbers_checked: bool = False
    kind: registry.MessageKind | None = field(init=False)
    said: dict[str, Said] = field(init=False)
    texts: dict[str, Text] = field(init=False)

    def __post_init__(self) -> None:
        self.code = plain(self.code, 64)
        self.kind = registry.get(self.code)

    def drafts(self) -> list[Draft]:
        drafts = [self._guarded(self._begun, self._blank(item)) for item in self.items]
        self.texts, self.said = look_up(self.code, {draft.phone for draft in drafts})
        return [
            self._guarded(self._judged, draft) if draft.status == Status.QUEUED else draft for draft in drafts
        ]

    def _guarded(self, step: Callable[[Draft], Draft], draft: Draft) -> Draft:
        """A bug that one message meets costs that message, never the order it is about."""
        try:
            return step(draft)
        except Exception as error:
            logger.exception("a message of kind %s could not be written", self.code)
            return draft.end(Status.FAILED, "cannot_write", f"Our own code failed: {type(error).__name__}.")

    def _blank(self, item: Item) -> Draft:
        lasts = self.kind.expires if self.kind else timedelta(hours=24)
        return Draft(
            item=item,
            kind=self.code,
            phone=mask(item.to)[:32],
            created_at=self.now,
            due_at=self.now,
            expires_at=self.now + lasts,
            priority=Priority.of(self.kind),
        )

    def _begun(self, draft: Draft) -> Draft:
        draft.variables = _storable(draft.given)
        at, expires_at = _aware(draft.item.at), _aware(draft.item.expires_at)
        lasts = draft.expires_at - self.now
        draft.due_at = max(at or self.now, self.now)
        draft.expires_at = expires_at or draft.due_at + lasts
        return self._addressed(draft)

    def _addressed(self, draft: Draft) -> Draft:
        try:
            draft.phone = e164(draft.item.to)
        except BadPhone as error:
            return draft.end(Status.FAILED, "bad_phone", str(error))
        if draft.phone == settings.MYOPERATOR_PHONE_NUMBER:
            return draft.end(Status.FAILED, "own_number", "This is our own sending number.")
        return draft

    def _judged(self, draft: Draft) -> Draft:
        """The first thing that stands in the way ends the draft; otherwise it gets its text."""
        said = self.said.get(draft.phone)
        if said and self.numbers_checked:
            said = said._replace(unreachable_at=None)
        draft.language = (said.language if said else "") or plain(draft.item.language or "en", 8)
        if self.kind is None:
            return draft.end(
                Status.FAILED, "unknown_kind", f"There is no kind of message called {self.code}."
            )
        refusal = consent.refusal(self.kind, draft.phone, said, is_test=draft.item.is_test)
        if refusal:
            return draft.end(Status.SUPPRESSED, *refusal)
        if draft.expires_at <= self.now:
            return draft.end(Status.EXPIRED, "expired", "It was already worthless when it was asked for.")
        return self._worded(draft)

    def _worded(self, draft: Draft) -> Draft:
        text = self._text(draft.language)
        if text is None:
            return draft.end(Status.FAILED, "no_text", f"The kind {self.code} has no text. Write one.")
        draft.language, draft.version = text.language, text.version
        if not text.active:
            return draft.end(Status.SUPPRESSED, *consent.text_off(self.code, text.language))
        try:
            self._write(draft, text)
        except templating.MissingVariable as error:
            return draft.end(Status.FAILED, "missing_variable", str(error))
        except (templating.BadTemplate, BadValue) as error:
            return draft.end(Status.FAILED, "cannot_render", str(error))
        return draft

    def _text(self, language: str) -> Text | None:
        """In this language, else in English. Where only approved templates go out, one that names none is none,
        if the English one does: who reads Kannada is better told in English than not at all.
        """
        own, english = self.texts.get(language), self.texts.get("en")
        if own and approved.in_force() and not own.names_template and english and english.names_template:
            return english
        return own or english

    def _write(self, draft: Draft, text: Text) -> None:
        """The words. Raises CannotWrite."""
        kinds = self.kind.variable_kinds if self.kind else {}
        draft.text = templating.render(text.content, draft.given, kinds, draft.language)
        if text.in_use is not None:
            pinned = approved.pin(text.in_use, draft.given, kinds, draft.language)
            draft.approved, draft.text = storable.dumps(pinned.approved), pinned.text


def language_of(code: str, to: str, language: str | None = None) -> str:
    """The language in which a message of this kind would be written to a number now, for words that depend on it.

    `language` is the customer record's, as `queue` takes it.
    """
    # A draft without values: it gets its language before anybody asks for those.
    return Writer(code, [Item(to=to, variables={}, language=language)], clock_now()).drafts()[0].language


def _aware(moment: datetime | None) -> datetime | None:
    """A moment that names no time zone is India's."""
    return moment.replace(tzinfo=IST) if moment is not None and moment.tzinfo is None else moment


def _storable(given: Mapping[str, object]) -> str:
    """The values as a JSON object. What cannot be kept costs the log its values, not the customer the message."""
    try:
        document = storable.dumps(dict(given))
        if not document.startswith("{"):  # a number that is none, or a value that holds itself
            document = storable.dumps({str(name): repr(value)[:200] for name, value in given.items()})
    except Exception:
        logger.exception("the values of a message could not be kept")
        return '{"_": "The values could not be kept."}'
    return document if len(document) <= LONGEST_VARIABLES else '{"_": "The values were too long to keep."}'

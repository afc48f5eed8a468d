"""What every provider speaks. The exception's type is the outcome; `outcomes.py` says what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template, by its exact name and language, and the values of its placeholders."""

    name: str
    language: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One try of one message. `reference` is ours (the attempt's id), `deadline` seconds for all of it.

    `template` goes out in place of the text, with a provider that knows approved templates.
    """

    reference: str
    phone: str
    text: str
    deadline: float = 15.0
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it. The id is empty where it named none."""

    provider_message_id: str = ""


class Failure(Exception):
    """A try that was not accepted. `code` is the provider's or ours, `words` are for staff."""

    outcome: ClassVar[str]

    def __init__(self, words: str, code: str = "", retry_after: float | None = None, person: bool = False):
        super().__init__(words)
        self.words = words
        self.code = code
        self.retry_after = retry_after  # seconds
        self.person = person  # the limit is this person's, not the channel's


class NotSent(Failure):
    """Proof that it never got in: DNS, refused, connect time-out, TLS, 503. Not a try."""

    outcome = "not_sent"


class TooFast(Failure):
    """Slow down. Not a try."""

    outcome = "too_fast"


class NotNow(Failure):
    """Their fault, and may heal: again on the schedule."""

    outcome = "not_now"


class Rejected(Failure):
    """Permanent for this message, number or template."""

    outcome = "rejected"


class TemplateHeld(Failure):
    """The approved template is not sendable at present. Not a try."""

    outcome = "template_held"


class ChannelDown(Failure):
    """Credentials, wallet, account, wrong address: nothing can be sent. Not a try."""

    outcome = "channel_down"


class Uncertain(Failure):
    """It may have been accepted."""

    outcome = "uncertain"


class Provider(Protocol):
    """Sends on threads that touch no database. Raises a `Failure`; anything else it raises is a bug."""

    def send(self, outgoing: Outgoing) -> Accepted: ...


class Listed(NamedTuple):
    """A template of the account, in the provider's words. `status` and `category` are in small letters."""

    name: str
    language: str
    category: str
    status: str
    quality: str
    reason: str
    body: str
    components: Sequence[Any]
    provider_id: str


class Listing(NamedTuple):
    """What was listed. Not `complete` where fewer came than the provider counts."""

    templates: Sequence[Listed]
    complete: bool


@runtime_checkable
class Account(Protocol):
    """A provider that can be asked about our account, which sends nothing. Raises a `Failure`."""

    def knock(self, seconds: float) -> None:
        """Whether it answers and knows us."""

    def templates(self, seconds: float) -> Listing:
        """All templates there are; `seconds` is for each page."""
        ...

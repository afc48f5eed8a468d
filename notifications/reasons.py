"""Why a message was not sent, or waits: each code that is kept with one, in a plain sentence, and what to do about it.

The codes of WhatsApp and of MyOperator's HTTP have their words where they are read (`providers/`); the others are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from notifications.providers import answers, meta


@dataclass(frozen=True, slots=True)
class Reason:
    """`words` say what happened, `remedy` what to do; both are sentences. The remedy may be in the words already."""

    words: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """Reasons that staff look for together."""

    slug: str
    label: str
    codes: tuple[str, ...]


_NOTHING = "Nothing to do: it is their wish."
_EDITED = "Correct the text, then send it again."
_GIVEN = "Take that value out of the text and send it again, or have it asked for anew with the value."
BY_ITSELF = "Nothing to do: it is tried again by itself while it is worth sending."

REASONS: dict[str, Reason] = {
    # Decided by us, when it was asked for or when it was due.
    "opted_out": Reason("The customer switched all messages off.", _NOTHING),
    "category_off": Reason("The customer switched this sort of message off.", _NOTHING),
    "no_opt_in": Reason(
        "The customer has not asked for offers.", "Nothing to do: offers go only to who asked for them."
    ),
    "unreachable": Reason(
        "WhatsApp said that this number cannot be reached.",
        "Check the number with the customer. If it is right, send it again; if not, correct it for what comes.",
    ),
    "not_allowed": Reason(
        "This system may only message the numbers in NOTIFICATION_ALLOWED_NUMBERS.",
        "Tell an engineer if that is not meant to be so.",
    ),
    "not_test_number": Reason(
        "Tests go only to the numbers that are there for tests.", "Choose one of those, or have it added."
    ),
    "expired": Reason(
        "It could not be sent while it was worth sending.",
        "Send it again only if it is still of use to the customer.",
    ),
    "covered": Reason(
        "Another message tells the customer the same, and they are told once.",
        "Nothing to do. The reason names what the other message is about.",
    ),
    "template_off": Reason("Its text is switched off.", "Switch the text on, then send it again."),
    "withdrawn": Reason("What it says is not true any more.", "Nothing to do: it cannot be sent again."),
    "cancelled": Reason("Staff cancelled it.", "Send it again if that was a mistake."),
    "given_up": Reason("Staff gave it up.", "Send it again if that was a mistake."),
    "erased": Reason("The person was erased at their own wish.", "Nothing to do."),
    # Something of ours that has to be put right.
    "bad_phone": Reason(
        "The number is no telephone number.", "Correct the customer's number; what comes next will arrive."
    ),
    "own_number": Reason("It is our own sending number.", "Correct the customer's number."),
    "unknown_kind": Reason("There is no such kind of message.", "Tell whoever asks for it by API."),
    "no_text": Reason("Its kind has no text.", "Write one, then send it again."),
    "missing_variable": Reason("A value that its text uses was not given.", _GIVEN),
    "cannot_render": Reason("Its text cannot be written with the values given.", _EDITED),
    "cannot_write": Reason("Our own code failed when it was written.", "Tell an engineer."),
    "bug": Reason("Our own code failed when it was sent.", "Tell an engineer."),
    "worker_lost": Reason("The worker that was sending it was lost; it may have arrived.", BY_ITSELF),
    "lease": Reason("There was no time left to send it safely.", BY_ITSELF),
    "turned_away": Reason("Sending stopped before its turn.", BY_ITSELF),
    "no_credentials": Reason("MYOPERATOR_API_KEY is not set, so nothing is sent.", "Tell an engineer."),
    "no_templates": Reason("Our provider knows no approved templates.", "Tell an engineer."),
    # What MyOperator's answers say without a number.
    "timeout": Reason("MyOperator did not answer in time; it may have the message.", BY_ITSELF),
    "unreadable": Reason("MyOperator's answer could not be read; it may have the message.", BY_ITSELF),
    "gateway": Reason("MyOperator's gateway is down; the request never got in.", BY_ITSELF),
    "refused": Reason("MyOperator refused it and gave no number for why.", "Ask MyOperator."),
    "-1": Reason(
        "WhatsApp could not deliver it and did not say why.", "Send it again, or ask MyOperator."
    ),
}  # fmt: skip

_OF_NUMBERS = ("bad_phone", "own_number", "unreachable", "131026", "131021", "130497")
_OF_TEXTS = ("template_off", "no_text", "missing_variable", "cannot_render", "unknown_kind")
_PASSING = {"500", "502", *map(str, meta.TRANSIENT)}  # faults of theirs, which a later try may not meet
_OF_WISHES = ("opted_out", "category_off", "131050")
_REFUSED = tuple(str(code) for code in sorted(meta.REFUSED))
_OTHERS = tuple(
    code for code in _REFUSED if code not in {*_OF_NUMBERS, *_OF_WISHES}
)  # fmt: skip

# What staff look for under “Not sent, and why”.
CAUSES = (
    Cause("wish", "The customer said no", _OF_WISHES),
    Cause("no_opt_in", "Never asked for offers", ("no_opt_in",)),
    Cause("late", "Too late to be worth sending", ("expired",)),
    Cause("told", "Told already by another message", ("covered",)),
    Cause("number", "The number is wrong or not on WhatsApp", _OF_NUMBERS),
    Cause("text", "Its text is off, or cannot be written", _OF_TEXTS),
    Cause("back", "Taken back: not true any more", ("withdrawn", "erased")),
    Cause("cancelled", "Cancelled by staff", ("cancelled", "given_up")),
    Cause("refused", "WhatsApp refused it", (*_OTHERS, "-1", "refused")),
    Cause("fault", "A fault, of MyOperator or of ours",
          ("500", "502", "timeout", "unreadable", "worker_lost", "bug", "cannot_write")),
    Cause("not_allowed", "This system may not message the number", ("not_allowed", "not_test_number")),
)  # fmt: skip

# Why a message is put off (`QueuedMessage.waits_for`), and what it is held for (`held_for`).
WAITS = {
    "quiet_hours": "decent hours",
    "receipt": "a receipt that says whether it was sent",
    "retry": "its next try",
    "provider": "MyOperator to answer again",
    "channel": "MyOperator to accept our account again",
    "person": "a pause between two messages to the same person",
    "pace": "MyOperator, which asked us to slow down",
    "template": "the approved template",
}


def of(code: str) -> Reason:
    """What a code means. One that nobody knows is shown as it is."""
    known = REASONS.get(code) or _of_provider(code)
    return known or Reason(f"It ended with the code {code}.", "Ask MyOperator what it means.")


def is_known(code: str) -> bool:
    return code in REASONS or _of_provider(code) is not None


def causes(slug: str) -> Cause | None:
    return next((cause for cause in CAUSES if cause.slug == slug), None)


def codes() -> list[str]:
    """Those a message may end with, for a list to choose from: ours, then WhatsApp's."""
    return [*_once(code for cause in CAUSES for code in cause.codes)]


def _once(found: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(found))


def _of_provider(code: str) -> Reason | None:
    words = meta.words(code) or answers.words(code)
    return Reason(words, BY_ITSELF if code in _PASSING else "") if words else None

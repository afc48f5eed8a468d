"""Why messages need staff, by the code that was kept with them: in plain words, and the one thing that clears it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from notifications.models import Held


class Remedy(Enum):
    """What clears a cause; the value is what its button says."""

    NUMBER = "Correct the numbers"
    SYNC = "Read the templates again"
    SWITCH_ON = "Switch the text on"
    WRITE = "Write the text"
    CORRECT = "Correct the text"
    KIND = "Make the kind"
    RESUME = "Resume all messages"
    TRY = "Try now"
    SEND = "Send again"
    GIVE_UP = "Give up"


@dataclass(frozen=True)
class Rule:
    """What a code means to staff. `of_kind`: each kind of message is a cause of its own, and `{kind}` names it."""

    title: str
    sentence: str
    remedy: Remedy
    of_kind: bool = False


_KEEPS = (
    "A message keeps the number it was written to: what is sent from then on goes to the corrected one."
    " Send these again only if the customer has WhatsApp at this number after all; otherwise give them up."
)
_NUMBER = Rule(
    "Not a number we can write to",
    f"Correct the number at the customer, or wherever it was given. {_KEEPS}",
    Remedy.NUMBER,
)
_TEXT = Rule(
    "The text of {kind} does not fit",
    "The text, or a value in it, was refused. Correct the text; then send them again.",
    Remedy.CORRECT,
    of_kind=True,
)
_TEMPLATE = Rule(
    "An approved template does not fit",
    "WhatsApp does not know the approved template as we use it. Read the list from MyOperator again, and compare;"
    " then send them again.",
    Remedy.SYNC,
)
_LEAVE = Rule(
    "WhatsApp limits offers to these people",
    "WhatsApp itself decides how many offers a person gets. There is nothing to correct: give them up.",
    Remedy.GIVE_UP,
)

_RULES: dict[str, Rule] = {
    "bad_phone": _NUMBER,
    "own_number": _NUMBER,
    "131021": _NUMBER,
    "131026": Rule(
        "These numbers are not on WhatsApp",
        f"Ask the customer, and correct the number. {_KEEPS}",
        Remedy.NUMBER,
    ),
    "130497": Rule(
        "WhatsApp does not let us write to this country",
        "Tell the customers in another way, and give these up.",
        Remedy.GIVE_UP,
    ),
    "131049": _LEAVE,
    "130472": _LEAVE,
    "unknown_kind": Rule(
        "There is no kind of message called {kind}",
        "Somebody asked for a kind that does not exist. Make it, with its text, and send them again; or tell who"
        " asked, and give them up.",
        Remedy.KIND,
        of_kind=True,
    ),
    "no_text": Rule(
        "{kind} has no text",
        "Messages of this kind cannot be written. Write the text; then send them again.",
        Remedy.WRITE,
        of_kind=True,
    ),
    "template_off": Rule(
        "The text of {kind} is switched off",
        "Nothing of this kind is sent while its text is off. Switch it on if it should be; then you are asked whether"
        " to send what was held back. Or give them up.",
        Remedy.SWITCH_ON,
        of_kind=True,
    ),
    "missing_variable": Rule(
        "The text of {kind} wants a value that nobody gave",
        "Whoever asked for them left a value out. Let the text do without it, or have it given; then send them again.",
        Remedy.CORRECT,
        of_kind=True,
    ),
    "cannot_render": Rule(
        "The text of {kind} could not be written",
        "A value does not fit where the text uses it. Correct the text; then send them again.",
        Remedy.CORRECT,
        of_kind=True,
    ),
    **dict.fromkeys(("100", "131008", "131009", "132005", "132008", "132018"), _TEXT),
    "131047": Rule(
        "{kind} needs an approved template",
        "The customers have not written for 24 hours, and WhatsApp then takes only approved templates. Name one at"
        " the text; then send them again.",
        Remedy.CORRECT,
        of_kind=True,
    ),
    **dict.fromkeys(("132000", "132001", "132007", "132012", "132015", "132016"), _TEMPLATE),
    **dict.fromkeys(
        ("cannot_write", "bug"),
        Rule(
            "Our own code failed",
            "Tell an engineer. When it is mended, send them again.",
            Remedy.SEND,
        ),
    ),
    "expired": Rule(
        "Too late",
        "They could not be sent while they were worth sending: MyOperator was away, or sending was stopped. Send again"
        " only what customers still want to know, and give up the rest.",
        Remedy.SEND,
    ),
}
_ACCEPTED_AS_THEY_ARE = {"131050"}  # the customer stopped offers: a wish, and no fault
_FAULTS = {"1", "2", "131000", "131016", "131057", "133004", "refused"}
_FAULT = Rule(
    "MyOperator had a fault",
    "They were tried four times, and MyOperator or WhatsApp failed each time. Send them again when it works.",
    Remedy.SEND,
)
_UNKNOWN = Rule(
    "MyOperator refused them (code {code})",
    "It said: {said} Send them again when that is settled, or give them up.",
    Remedy.SEND,
)
_OF_HELD: dict[str, Rule] = {
    Held.UNCERTAIN: Rule(
        "Perhaps sent, perhaps not",
        "MyOperator did not say whether it took them, and no receipt came. Send them again if hearing it twice is"
        " better than not at all; otherwise give them up.",
        Remedy.SEND,
    ),
    Held.POISON: Rule(
        "Set aside: our own code failed on them",
        "Three times the work on them broke off. Tell an engineer. MyOperator may have some of them already.",
        Remedy.SEND,
    ),
    Held.TEMPLATE: Rule(
        "Messages of {kind} wait for an approved template",
        "The approved template cannot be sent at present. Read the list from MyOperator again: where it is approved"
        " by now they go at once, and otherwise when it is.",
        Remedy.SYNC,
        of_kind=True,
    ),
    Held.STAFF: Rule(
        "Held by staff",
        "Somebody put them on hold. Send them, or give them up.",
        Remedy.SEND,
    ),
}


def of_code(code: str) -> Rule | None:
    """What a message's error code means; None where nobody need do anything."""
    if code in _ACCEPTED_AS_THEY_ARE:
        return None
    is_fault = code in _FAULTS or (len(code) == 3 and code.startswith("5"))
    return _RULES.get(code, _FAULT if is_fault else _UNKNOWN)


def of_held(held_for: str) -> Rule:
    """What being on hold means. Raises KeyError for what nobody holds for."""
    return _OF_HELD[held_for]

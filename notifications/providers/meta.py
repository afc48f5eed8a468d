"""Meta's codes, which MyOperator passes on: theirs to ours."""

from __future__ import annotations

from notifications.providers.base import ChannelDown, Failure, NotNow, Rejected, TemplateHeld, TooFast

_TRANSIENT = {1, 2, 131000, 131016, 133004, 131057}
_TOO_FAST = {4, 80007, 130429}
_ACCOUNT = {0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131048, 131064}
_PERMANENT = {33, 100, 131005, 131008, 131009, 131021, 131026, 131047, 131050, 131051, 131052, 131053, 130472,
              130497, 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018}  # fmt: skip
DOCUMENTED = _TRANSIENT | _TOO_FAST | _ACCOUNT | _PERMANENT | {131049, 131056, 132015}

_WORDS = {
    131026: "This number is not on WhatsApp. Check it with the customer.",
    131047: "The customer has not written in the last 24 hours, so free text is not allowed.",
    131050: "The customer stopped offers from us.",
    131049: "WhatsApp limits offers to this person for now.",
    131056: "Too many messages to this person in a short time.",
    132015: "The approved template is paused.",
}


def code_of(value: object) -> int | None:
    """A code as JSON may hold it: a number (131026, 131026.0) or its digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and -1 < value < 10**9 and value == int(value):
        return int(value)
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


def failure(code: int, words: str = "", retry_after: float | None = None) -> Failure:
    """The outcome that a Meta code stands for; a code nobody documented is permanent."""
    said = _WORDS.get(code) or words or f"WhatsApp refused the message (code {code})."
    if code == 131049:
        return NotNow(said, str(code), retry_after=24 * 3600, person=True)
    if code == 131056:
        return TooFast(said, str(code), retry_after=retry_after or 6, person=True)
    for codes, kind in (
        ({132015}, TemplateHeld),
        (_TRANSIENT, NotNow),
        (_TOO_FAST, TooFast),
        (_ACCOUNT, ChannelDown),
    ):
        if code in codes:
            return kind(said, str(code), retry_after=retry_after)
    return Rejected(said, str(code))

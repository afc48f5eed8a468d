"""Meta's codes, which MyOperator passes on: theirs to ours."""

from __future__ import annotations

from notifications.providers.base import ChannelDown, Failure, NotNow, Rejected, TemplateHeld, TooFast

_TRANSIENT = {1, 2, 131000, 131016, 133004, 131057}
_TOO_FAST = {4, 80007, 130429}
_ACCOUNT = {0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131048, 131064}

_WORDS = {
    131026: "This number is not on WhatsApp. Check it with the customer.",
    131047: "The customer has not written in the last 24 hours, so free text is not allowed.",
    131050: "The customer stopped offers from us.",
    131049: "WhatsApp limits offers to this person for now.",
    131056: "Too many messages to this person in a short time.",
    132015: "The approved template is paused.",
}


def failure(code: int, words: str = "", retry_after: float | None = None) -> Failure:
    """The outcome that a Meta code stands for; a code nobody documented is permanent."""
    said = _WORDS.get(code) or words or f"WhatsApp refused the message (code {code})."
    if code == 131049:
        return NotNow(said, str(code), retry_after=24 * 3600)
    if code == 131056:
        return TooFast(said, str(code), retry_after=retry_after or 6, person=True)
    for codes, kind in (
        ({132015}, TemplateHeld),
        (_TRANSIENT, NotNow),
        (_TOO_FAST, TooFast),
        (_ACCOUNT, ChannelDown),
    ):
        if code in codes:
            return kind(said, str(code), retry_after=retry_after)  # type: ignore[operator]
    return Rejected(said, str(code))

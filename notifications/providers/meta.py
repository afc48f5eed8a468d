"""Meta's codes, which MyOperator passes on: theirs to ours."""

from __future__ import annotations

from notifications.providers.base import ChannelDown, Failure, NotNow, Rejected, TemplateHeld, TooFast

TRANSIENT = {1, 2, 131000, 131016, 133004, 131057}
_TOO_FAST = {4, 80007, 130429}
_ACCOUNT = {0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131048, 131064}
_PERMANENT = {33, 100, 131005, 131008, 131009, 131021, 131026, 131047, 131050, 131051, 131052, 131053, 130472,
              130497, 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018}  # fmt: skip
DOCUMENTED = TRANSIENT | _TOO_FAST | _ACCOUNT | _PERMANENT | {131049, 131056, 132015}
REFUSED = _PERMANENT | {131049}  # what a message may end with

LONGEST = 400  # characters of an explanation

_THEIRS = "There is nothing to correct on our side."
_SLOWER = "It goes out a little later by itself; lower MYOPERATOR_RATE_LIMIT if this comes often."
_ASK = "Ask MyOperator; messages wait until it is settled."
_EDIT = "Correct the text or its values, then send it again."
_COMPARE = "Compare it with the list under Approved templates, then send it again."

# What happened, and what to do about it.
_WORDS = {
    0: f"WhatsApp does not accept the account's access token. {_ASK}",
    1: f"WhatsApp could not be reached, or did not understand the request. {_THEIRS}",
    2: f"WhatsApp is overloaded or down for a while. {_THEIRS}",
    3: f"The account lacks a right that sending needs. {_ASK}",
    4: f"The account asks WhatsApp for too much at once. {_SLOWER}",
    10: f"The account's right to send was not given, or was taken away. {_ASK}",
    33: "WhatsApp knows no such sending number. Check MYOPERATOR_PHONE_NUMBER_ID with MyOperator.",
    100: f"WhatsApp does not understand a part of the message. {_EDIT}",
    190: f"The account's access token has ended. {_ASK}",
    **dict.fromkeys(range(200, 300), f"The account's right to send was not given, or was taken away. {_ASK}"),
    368: f"WhatsApp has blocked our account for a while, for breaking its rules. {_ASK}",
    80007: f"Our account sends faster than WhatsApp allows. {_SLOWER}",
    130429: f"Our number sends faster than WhatsApp allows. {_SLOWER}",
    130472: "WhatsApp leaves this person out of offers, as an experiment of its own. Tell them in another way.",
    130497: "WhatsApp does not let our account write to this country. Tell the customer in another way.",
    131000: f"Something went wrong at WhatsApp. {_THEIRS}",
    131005: "WhatsApp denies us access to something in this message. Ask MyOperator, then send it again.",
    131008: f"A part is missing that the template needs. {_COMPARE}",
    131009: f"WhatsApp does not accept a value in the message. {_EDIT}",
    131016: f"A part of WhatsApp is out of order. {_THEIRS}",
    131021: "This is our own number, and nobody can write to themselves. Correct the customer's number.",
    131026: "This number is not on WhatsApp. Check it with the customer.",
    131031: f"WhatsApp has locked our account. {_ASK}",
    131042: f"WhatsApp cannot charge our account. Check the payment with MyOperator. {_ASK}",
    131047: "The customer has not written in the last 24 hours, so free text is not allowed. Use an approved template.",
    131048: "Too many people blocked us or reported us as spam, so WhatsApp stopped our number. "
    "Stop offers, and ask MyOperator.",
    131049: "WhatsApp limits offers to this person for now. After a day it may be sent again.",
    131050: "The customer stopped offers from us. Nothing to do: they get none until they ask for them.",
    131051: "WhatsApp does not know this sort of message. Tell an engineer.",
    131052: "WhatsApp could not read the picture or file of the message. Send it again without.",
    131053: "WhatsApp could not take the picture or file of the message. Send it again without.",
    131056: "Too many messages to this person in a short time. It goes out a little later by itself.",
    131057: f"Our account is under maintenance at WhatsApp. {_THEIRS}",
    131064: f"WhatsApp has restricted our account. {_ASK}",
    132000: f"The template has another number of placeholders than we filled. {_COMPARE}",
    132001: f"WhatsApp knows no approved template of this name in this language. {_COMPARE}",
    132005: "With its values filled in the template is too long. Shorten the values, then send it again.",
    132007: "The template breaks a rule of WhatsApp's. Correct it at MyOperator, or name another.",
    132008: f"A value breaks a rule of WhatsApp's. {_EDIT}",
    132012: f"A value does not have the form that the template asks for. {_COMPARE}",
    132015: "WhatsApp paused the approved template; its messages wait. Correct it at MyOperator if that lasts.",
    132016: "The approved template was paused too often, and is switched off for good. Name another.",
    132018: f"A value is empty, or holds line breaks or many spaces. {_EDIT}",
    133004: f"WhatsApp is out of order for a while. {_THEIRS}",
}

_PLAIN = {131026, 131047, 131049, 131050, 131056, 132015}  # ours say it all


def code_of(value: object) -> int | None:
    """A code as JSON may hold it: a number (131026, 131026.0) or its digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and -1 < value < 10**9 and value == int(value):
        return int(value)
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else None


def words(code: str) -> str:
    """What a code that was kept means, and what to do; empty for one that nobody documented."""
    return _WORDS.get(int(code), "") if code.isascii() and code.isdecimal() and len(code) < 10 else ""


def failure(code: int, words: str = "", retry_after: float | None = None) -> Failure:
    """The outcome that a Meta code stands for; a code nobody documented is permanent."""
    said = _said(code, words)
    if code == 131049:
        return NotNow(said, str(code), retry_after=24 * 3600, person=True)
    if code == 131056:
        return TooFast(said, str(code), retry_after=retry_after or 6, person=True)
    for codes, kind in (
        ({132015}, TemplateHeld),
        (TRANSIENT, NotNow),
        (_TOO_FAST, TooFast),
        (_ACCOUNT, ChannelDown),
    ):
        if code in codes:
            return kind(said, str(code), retry_after=retry_after)
    return Rejected(said, str(code))


def _said(code: int, words: str) -> str:
    """Ours, and after them what WhatsApp said itself where that may tell more: which value, which country."""
    if code not in _WORDS:
        return words or f"WhatsApp refused the message (code {code}). Ask MyOperator what it means."
    told = f" WhatsApp said: {words}" if words and code not in _PLAIN else ""
    return (_WORDS[code] + told)[:LONGEST]

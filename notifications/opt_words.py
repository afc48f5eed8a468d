"""STOP and START, as people write them: the whole message, in any case and script."""

from __future__ import annotations

import re
import unicodedata

# One word is spelt in more than one way: बंद and बन्द, शुरू and शुरु.
STOP = (
    "STOP", "UNSUBSCRIBE", "OPT OUT", "OPTOUT", "CANCEL MESSAGES", "band karo",
    "बंद", "बन्द", "बंद करो", "बन्द करो", "बंद करें", "बन्द करें", "रोको", "थांबा", "ನಿಲ್ಲಿಸಿ", "நிறுத்து", "ఆపు",
)  # fmt: skip
START = ("START", "शुरू", "शुरु")

LONGEST = 100  # characters; a longer message is no single word
_SPACES = re.compile(r"\s+")
_SCRIPTS = {"DEVANAGARI": "hi", "KANNADA": "kn", "TAMIL": "ta", "TELUGU": "te"}


def asks(text: str) -> str:
    """`stop`, `start`, or empty where the message says more or something else."""
    if len(text) > LONGEST:
        return ""
    return _MEANINGS.get(_bare(text), "")


def language_of(text: str) -> str:
    """The language that one of these words belongs to; empty for those in Latin letters."""
    bare = _bare(text)
    if bare == _bare("थांबा"):
        return "mr"
    script = unicodedata.name(bare[:1] or " ").split()[0]
    return _SCRIPTS.get(script, "")


def _bare(text: str) -> str:
    """Composed, in small letters, without what nobody sees or means: joiners, dashes, marks and emoji around it."""
    seen = "".join(map(_meant, unicodedata.normalize("NFKC", text)))
    words = _SPACES.sub(" ", seen).casefold()
    while words and not _is_word(words[-1]):
        words = words[:-1]
    while words and not _is_word(words[0]):
        words = words[1:]
    return unicodedata.normalize("NFKC", words)


def _meant(char: str) -> str:
    is_selector = "\ufe00" <= char <= "\ufe0f"  # how an emoji is drawn; Unicode calls it a mark of the letter
    category = unicodedata.category(char)
    if category == "Cf" or is_selector:
        return ""
    return " " if category == "Pd" else char


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


_MEANINGS = {_bare(word): "stop" for word in STOP} | {_bare(word): "start" for word in START}

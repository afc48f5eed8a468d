"""What WhatsApp would dislike in a text: warnings, which matter where an approved template is named.

The rules are Meta's for template bodies: https://developers.facebook.com/docs/whatsapp/message-templates/guidelines
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from notifications.formats import LIMIT

MOST_OF_A_RULE = 5  # findings

# Tags and comments leave nothing in the message. A NUL stands where one was, so that columns stay true.
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_GAP = r"[\s\x00]*"
_VARIABLE = r"\{\{[^{}]*\}\}"
_FIRST = re.compile(rf"\A{_GAP}({_VARIABLE})")
_LAST = re.compile(rf"({_VARIABLE}){_GAP}\Z")
_ADJACENT = re.compile(rf"(?<=\}}\}}){_GAP}({_VARIABLE})")
_SPACES = re.compile(r"( {5,})")
_TAB = re.compile(r"(\t)")
_NEWLINES = re.compile(r"(\n(?:[ \x00]*\n){2,})")
_BRACES = re.compile(r"(?<!\{)(\{\w+\})(?!\})")
# Python's \w knows no vowel signs: without them छूटी (missed) would be छूट (rebate). Dandas (।॥) do end a word.
_LETTER = "[\\w\u0900-\u0963\u0966-\u0dff]"
_WORDS = (
    "offers?", "discounts?", "discounted", "sale", "free", "cashback", "coupons?", "vouchers?", r"promo\w*",
    "deals?", "hurry", "limited time", "buy now", "special price", "save (?:up to|₹|rs)",
    r"(?:[0-9]+|\{\{[^{}]*\}\}) ?% ?off", r"(?:₹|rs\.?) ?(?:[0-9][0-9,.]*|\{\{[^{}]*\}\}) off",
    r"flat [0-9₹][0-9,.]*%? off",
    "ऑफर", "ऑफ़र", "छूट", "मुफ़्त", "मुफ्त", "सवलत", "मोफत", "कैशबैक", "कॅशबॅक",
    "অফার", "ছাড়", "বিনামূল্যে", "ઓફર", "ડિસ્કાઉન્ટ", "મફત", "ਪੇਸ਼ਕਸ਼", "ਛੋਟ", "ਮੁਫ਼ਤ", "ਮੁਫਤ",
    "رعایت", "رعایتی", "مفت", "آفر",
)  # fmt: skip
# These languages glue endings on, so only the beginning of the word is known.
_STEMS = (
    "ರಿಯಾಯಿತಿ", "ಉಚಿತ", "ಆಫರ್", "தள்ளுபடி", "இலவச", "சலுகை", "తగ్గింపు", "ఉచిత", "ఆఫర్", "ഓഫർ", "കിഴിവ", "സൗജന്യ",
)  # fmt: skip
# Letters with a dot are typed as one character or as two, and look the same: फ़ and फ़.
_DOTTED = {two: chr(one) for one in range(0x900, 0xE00) if len(two := normalize("NFC", chr(one))) == 2}


def _any_of(words: Iterable[str]) -> str:
    pattern = normalize("NFC", "|".join(words))
    for two, one in _DOTTED.items():
        pattern = pattern.replace(two, f"(?:{two}|{one})")
    return f"(?:{pattern})"


_PROMOTION = re.compile(
    f"(?<!{_LETTER})({_any_of(_WORDS)}(?!{_LETTER})|{_any_of(_STEMS)}{_LETTER}*)", re.IGNORECASE
)


class Finding(NamedTuple):
    """One warning: line and column count from 1, `remedy` says what to do. Severity is always `warning`."""

    line: int
    column: int
    message: str
    remedy: str
    severity: str = "warning"


_Rule = tuple[re.Pattern[str], str, str]
_RULES: tuple[_Rule, ...] = (
    (
        _FIRST,
        "The text begins with a variable.",
        "Put a word before it: WhatsApp refuses a template like this.",
    ),
    (_LAST, "The text ends with a variable.", "Put a word or a full stop and a word after it."),
    (_ADJACENT, "Two variables stand side by side.", "Put a word between them."),
    (_SPACES, "More than four spaces follow one another.", "Use one space."),
    (_TAB, "There is a tab in the text.", "Use a space."),
    (_NEWLINES, "More than one line in a row is empty.", "Leave at most one line empty."),
    (_BRACES, "This has single braces, so it is sent as it stands.", "Write a variable with two: {{name}}."),
)
_SELLING: _Rule = (
    _PROMOTION,
    "“{0}” sounds like promotion in a utility message.",
    "Take it out, or make the kind marketing: Meta does so otherwise, at 6.6 times the price.",
)


def lint(source: str, category: str) -> list[Finding]:
    """Warnings on a text, in its order. category: `utility` or `marketing`, which may promote."""
    body = _TAG.sub(lambda tag: re.sub(r"[^\n]", "\0", tag[0]), source.replace("\r\n", "\n"))
    rules = (*_RULES, _SELLING) if category == "utility" else _RULES
    findings = [finding for rule in rules for finding in _found(body, *rule)]
    return sorted(findings + _too_long(body))


def _found(body: str, pattern: re.Pattern[str], message: str, remedy: str) -> Iterator[Finding]:
    """The first places where a rule is broken: who mends those mends the rest, or is told again."""
    for match in islice(pattern.finditer(body), MOST_OF_A_RULE):
        yield _at(body, match.start(1), message.replace("{0}", match[1]), remedy)


def _too_long(body: str) -> list[Finding]:
    length = len(body.replace("\0", ""))
    if length <= LIMIT:
        return []
    return [
        _at(body, LIMIT, f"The text has {length:,} characters; WhatsApp takes {LIMIT:,}.", "Make it shorter.")
    ]


def _at(body: str, place: int, message: str, remedy: str) -> Finding:
    line = body.count("\n", 0, place) + 1
    return Finding(line, place - body.rfind("\n", 0, place), message, remedy)

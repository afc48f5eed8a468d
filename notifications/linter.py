"""What WhatsApp would dislike in a text: warnings, which matter where an approved template is named.

The rules are Meta's for template bodies: https://developers.facebook.com/docs/whatsapp/message-templates/guidelines
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from notifications.formats import LIMIT

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
_PROMOTION = re.compile(
    r"(?<!\w)(offers?|discounts?|sale|free|cashback|coupons?|vouchers?|promo\w*|deals?|hurry|limited time|"
    r"buy now|special price|[0-9]+ ?% ?off|"
    r"ऑफर|ऑफ़र|छूट|मुफ़्त|मुफ्त|सवलत|मोफत|ರಿಯಾಯಿತಿ|ಉಚಿತ|தள்ளுபடி|இலவச\w*|తగ్గింపు|ఉచిత\w*)(?!\w)",
    re.IGNORECASE,
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
    for match in pattern.finditer(body):
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

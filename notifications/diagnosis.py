"""What is wrong with a text that Jinja cannot read, in the words of who wrote it."""

import re

from jinja2 import TemplateSyntaxError

_TAG = re.compile(r"\{%[-+]?\s*(\w+)")
_OPEN = re.compile(r"\{\{|\{%|\{#")
_CLOSE = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TAGS = {
    "for": "loops are not allowed",
    "set": "`set` is not allowed",
    "block": "blocks are not allowed",
    "macro": "macros are not allowed",
    "call": "calls are not allowed",
    **dict.fromkeys(("include", "import", "from", "extends"), "other texts cannot be brought in"),
}
_KNOWN = ("if", "elif", "else", "endif", "raw", "endraw")
_WORDS = (
    (re.compile("elif.*endif"), "this {% if %} has no {% endif %}"),
    (re.compile("'(else|elif|endif)'"), "this belongs to an {% if %}, and there is none before it"),
    (re.compile("end of print statement', got"), "{{ }} holds one variable; join words of its name with _"),
    (re.compile("Expected an expression, got 'end of print"), "{{ }} is empty; write a variable in it"),
    (re.compile("Expected an expression, got 'end of statement"), "{% %} lacks what it asks for"),
    (re.compile("got '='"), "compare with two signs: =="),
    (re.compile("end of raw"), "unclosed {% raw %}"),
    (re.compile("tag name expected"), "{% %} is empty"),
    (re.compile("unexpected '[})\\]]'"), "a bracket is closed that was not opened, or the other way round"),
    (re.compile("unexpected char"), "this is a sign we do not know here; check quotes and brackets"),
)


def explained(source: str, error: TemplateSyntaxError) -> tuple[int, str]:
    """(line, why) of a syntax error in plain words; line counts from 1."""
    return _unclosed(source) or _tag(source) or (error.lineno, _plain(error.message or ""))


def _unclosed(source: str) -> tuple[int, str] | None:
    """The first bracket that the next one, or the end, finds still open."""
    place = 0
    while opening := _OPEN.search(source, place):
        end = source.find(_CLOSE[opening[0]], opening.end())
        following = _OPEN.search(source, opening.end())
        is_comment = opening[0] == "{#"
        if end < 0 or (following and following.start() < end and not is_comment):
            return source.count("\n", 0, opening.start()) + 1, f"unclosed {opening[0]}"
        place = end + 2
    return None


def _tag(source: str) -> tuple[int, str] | None:
    for found in _TAG.finditer(source):
        if found[1] not in _KNOWN:
            line = source.count("\n", 0, found.start()) + 1
            return line, _TAGS.get(found[1], f"there is no {{% {found[1][:40]} %}}; there is {{% if %}}")
    return None


def _plain(message: str) -> str:
    for pattern, words in _WORDS:
        if pattern.search(message):
            return words
    return f"this cannot be read ({message[:200].rstrip('.')})"

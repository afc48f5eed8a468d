"""WhatsApp's marks as HTML. Texts are hostile: everything is escaped before a tag of ours is put in."""

import re
from html import escape

_VERBATIM = re.compile(r"(```.+?```|https?://[^\s<>\"'*`]+)", re.DOTALL)
_PAIRS = (("*", "b"), ("_", "i"), ("~", "s"), ("`", "code"))


def _pair(mark: str, tag: str) -> tuple[re.Pattern[str], str]:
    """A mark counts at the edge of words only: 2*3*4 and snake_case_names stay as they are."""
    one = re.escape(mark)
    text = rf"(?<![\w{one}]){one}(?=\S)([^{one}\n]*[^{one}\s]){one}(?![\w{one}])"
    return re.compile(text), rf"<{tag}>\1</{tag}>"


_MARKS = tuple(_pair(mark, tag) for mark, tag in _PAIRS)


def as_html(text: str) -> str:
    parts = _VERBATIM.split(text)
    return "".join(_verbatim(part) if place % 2 else _marked(part) for place, part in enumerate(parts))


def _marked(text: str) -> str:
    html = escape(text)
    for pattern, tags in _MARKS:
        html = pattern.sub(tags, html)
    return html


def _verbatim(text: str) -> str:
    if text.startswith("```"):
        return f"<code>{escape(text[3:-3])}</code>"
    url = escape(text)
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a>'


def without_marks(text: str) -> str:
    """For a line of preview: no marks, no line breaks."""
    return " ".join(re.sub(r"```|(?<!\w)[*_~`]|[*_~`](?!\w)", "", text).split())

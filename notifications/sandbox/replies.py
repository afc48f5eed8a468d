"""What the customer writes back, by JSON or from the phone page's form."""

import math
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from .checks import TEXT_LIMIT
from .ledger import Asked
from .wire import Request

FORM = "application/x-www-form-urlencoded"
MEDIA = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4", "document": "application/pdf"}
_PHONE = re.compile(r"\+[1-9]\d{7,14}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """`at` in unix seconds, `name` the customer's, as WhatsApp shows it; empty where nobody said."""

    asked: Asked
    at: float
    name: str


def is_form(request: Request) -> bool:
    """curl and urllib call JSON a form too, unless they are told otherwise."""
    said = request.headers.get("content-type", "").startswith(FORM)
    return said and not request.body.lstrip().startswith(b"{")


def reply_in(request: Request) -> Reply:
    """`{"phone", "text"}`, and where wanted `at`, `name` and `media`. Raises ValueError with what is wrong."""
    body = _fields(request)
    phone, text, media = body.get("phone"), body.get("text", ""), body.get("media")
    if not isinstance(phone, str) or not _PHONE.match(phone_in(phone)):
        raise ValueError("phone is like +919876543210")
    if media is not None and media not in list(MEDIA):
        raise ValueError(f"media is one of {', '.join(MEDIA)}")
    if not isinstance(text, str) or len(text) > TEXT_LIMIT or not (text.strip() or media):
        raise ValueError(f"text is a text of 1 to {TEXT_LIMIT} characters")
    name = body.get("name")
    data = _media(media, text) if media else None
    shown = f"[{media}] {text}".strip() if media else text
    asked = Asked("reply", phone_in(phone), shown, None, {}, data)
    return Reply(asked, _at(body.get("at")), name if isinstance(name, str) else "")


def _fields(request: Request) -> dict[str, Any]:
    if is_form(request):
        return {
            name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()
        }
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ValueError("a reply is a JSON object with phone and text")  # noqa: TRY004  callers are promised it
    return body


def _at(value: Any) -> float:
    """Not later than now: nobody has written tomorrow."""
    try:
        return time.time() if value is None else min(moment(str(value)), time.time())
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError("at is unix seconds or ISO 8601") from error


def _media(kind: str, caption: str) -> dict[str, Any]:
    url = f"https://files.example.com/sandbox.{MEDIA[kind].partition('/')[2]}"
    return {"type": kind, "context": {"url": url, "mime_type": MEDIA[kind], "caption": caption}}


def phone_in(text: str) -> str:
    """A number from a path or query, where + may have become a blank or been left out."""
    text = text.strip()
    return f"+{text}" if text[:1].isdigit() else text


def moment(text: str) -> float:
    """Unix seconds, from those or from ISO 8601. Raises ValueError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = datetime.fromisoformat(text).timestamp()
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(text)
    return seconds

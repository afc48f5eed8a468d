"""An approved template: what Meta reviewed, how it went, and how its body is filled."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

STATUSES = ("approved", "pending", "rejected", "paused", "disabled")
CATEGORIES = ("utility", "marketing", "authentication")
NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
BODY_LIMIT = 1024
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?\Z")
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass
class Template:
    """One name in one language. `example` holds a sample for each placeholder of the body.

    Raises ValueError for what Meta would not take in.
    """

    name: str
    language: str
    body: str
    category: str = "utility"
    status: str = "approved"
    quality: str | None = "GREEN"
    failure_reason: str | None = None
    example: dict[str, str] = field(default_factory=dict)
    id: int = 0
    waba_template_id: str = ""

    def __post_init__(self) -> None:
        for name, (right, rule) in _RULES.items():
            if not right(getattr(self, name)):
                raise ValueError(f"{name} {rule}")
        self.parts = _PLACEHOLDER.split(self.body)  # text, placeholder, text, …, text
        self.placeholders = dict.fromkeys(self.parts[1::2])  # in the body's order
        complaint = _complaint(self.parts, list(self.placeholders))
        if complaint:
            raise ValueError(f"body {complaint}")

    def mismatch(self, values: dict[str, str]) -> str:
        """What is wrong with the names of the values, in MyOperator's words; empty where nothing is."""
        if values.keys() == self.placeholders.keys():
            return ""
        missing = [f"placeholder {name} is missing" for name in self.placeholders if name not in values]
        extra = [f"placeholder {name} is unknown" for name in values if name not in self.placeholders]
        return "; ".join(missing + extra)

    def filled(self, values: dict[str, str]) -> str:
        """The body as the customer reads it. The names of the values must match."""
        parts = self.parts[:]
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """As the controls show it and take it."""
        return {name: getattr(self, name) for name in FIELDS}

    def as_listed(self) -> dict[str, Any]:
        """As `GET /chat/templates` lists it."""
        samples = {name: self.example.get(name, "sample") for name in self.placeholders}
        body = {"type": "BODY", "format": "TEXT", "text": self.body, "example": samples}
        return {
            "id": self.id,
            "name": self.name,
            "waba_template_id": self.waba_template_id,
            "language": self.language,
            "category": self.category,
            "waba_template_status": self.status,
            "quality": self.quality,
            "failure_reason": self.failure_reason,
            "components": [body],
        }


FIELDS = tuple(spec.name for spec in fields(Template))


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for pair in value.items() for one in pair)


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.match(value))


_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "name": (_matches(NAME), "holds a-z, 0-9 and _"),
    "language": (_matches(_LANGUAGE), "is like en or en_US"),
    "body": (lambda value: _text(value) and len(value) <= BODY_LIMIT, f"has 1 to {BODY_LIMIT} characters"),
    "category": (CATEGORIES.__contains__, f"is one of {', '.join(CATEGORIES)}"),
    "status": (STATUSES.__contains__, f"is one of {', '.join(STATUSES)}"),
    "quality": (lambda value: value is None or _text(value), "is a text or null"),
    "failure_reason": (lambda value: value is None or _text(value), "is a text or null"),
    "example": (_texts, "is an object of placeholder and sample"),
    "id": (lambda value: type(value) is int, "is a whole number"),
    "waba_template_id": (lambda value: isinstance(value, str), "is a text"),
}


def _complaint(parts: list[str], names: list[str]) -> str:
    """What Meta's review would say about a body; empty where it says nothing."""
    if not names:
        return ""
    if not (parts[0].strip() and parts[-1].strip()):
        return "begins or ends with a placeholder"
    if not all(text.strip() for text in parts[::2]):
        return "has two placeholders side by side"
    in_order = [str(number) for number in range(1, len(names) + 1)]
    if any(name.isdecimal() for name in names) and names != in_order:
        return "has placeholders that are not {{1}}, {{2}}, … in this order"
    return ""

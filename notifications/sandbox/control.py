"""The sandbox's own addresses, under /sandbox/: the truth, the settings, the customer's reply."""

import math
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .ledger import Bubble, Ledger
from .settings import Settings
from .wire import Answer, Request, error_answer, json_answer

_PHONE = re.compile(r"\+[1-9]\d{7,14}\Z", re.ASCII)


class Control:
    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        replied: Callable[[Bubble], None],
        delivery_counts: Callable[[], dict[str, int]],
    ) -> None:
        self.settings, self.ledger = settings, ledger
        self.replied, self.delivery_counts = replied, delivery_counts
        self.mode_changed: Callable[[], None] = lambda: None
        self.can_refuse: Callable[[], bool] = lambda: False
        self.initial = settings.as_dict()

    def messages(self, request: Request) -> Answer:
        query = request.query
        try:
            since = moment(query.get("since", "0"))
            limit = int(query["limit"]) if "limit" in query else None
        except ValueError as error:
            return error_answer(400, f"since is unix seconds or ISO, limit a whole number: {error}")
        return json_answer(self.ledger.messages(phone_in(query.get("phone", "")), since, limit))

    def forget(self, request: Request) -> Answer:
        self.ledger.forget()
        return json_answer({"status": "success"})

    def summary(self, request: Request) -> Answer:
        return json_answer({**self.ledger.summary(), "webhooks": self.delivery_counts()})

    def show_settings(self, request: Request) -> Answer:
        return json_answer(self.settings.as_dict())

    def change_settings(self, request: Request) -> Answer:
        try:
            changes = request.json()
        except ValueError:
            return error_answer(400, "settings are a JSON object")
        return self._change(changes)

    def reset_settings(self, request: Request) -> Answer:
        """Back to how the sandbox was started."""
        return self._change(self.initial)

    def _change(self, changes: Any) -> Answer:
        refusing = isinstance(changes, dict) and changes.get("mode") == "refuse"
        if refusing and not self.can_refuse():
            return error_answer(400, "mode: refuse would close this door too; start with --control-port")
        try:
            self.settings.change(changes)
        except ValueError as error:
            return error_answer(400, str(error))
        self.mode_changed()
        return json_answer(self.settings.as_dict())

    def reply(self, request: Request) -> Answer:
        """`POST {"phone", "text"}`: the customer writes back."""
        try:
            body = request.json()
            phone, text = phone_in(body["phone"]), body["text"]
        except (ValueError, KeyError, TypeError, AttributeError):
            return error_answer(400, "a reply is a JSON object with phone and text")
        if not (_PHONE.match(phone) and isinstance(text, str) and text.strip()):
            return error_answer(400, "phone is like +919876543210, text is a text, and not empty")
        bubble = self.ledger.receive(phone, text)
        self.replied(bubble)
        return json_answer({"status": "success", "id": bubble.id, "at": time.time()})


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
    if not math.isfinite(seconds):
        raise ValueError(text)
    return seconds

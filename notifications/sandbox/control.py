"""The sandbox's own addresses, under /sandbox/: the truth, the settings, the customer's reply."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from .ledger import Ledger
from .receipts import Receipts
from .replies import is_form, moment, phone_in, reply_in
from .settings import Settings
from .wire import Answer, Request, error_answer, json_answer, packed


class Control:
    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        receipts: Receipts,
        delivery_counts: Callable[[], dict[str, int]],
    ) -> None:
        self.settings, self.ledger, self.receipts = settings, ledger, receipts
        self.delivery_counts = delivery_counts
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
        self.receipts.calm()
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
        """`POST {"phone", "text"}`: the customer writes back. A form is led back to its page."""
        try:
            reply = reply_in(request)
        except ValueError as error:
            return error_answer(400, str(error))
        bubble = self.ledger.receive(reply.asked, reply.at, reply.name)
        self.receipts.replied(bubble)
        if is_form(request):
            page = f"/phone/{quote(reply.asked.phone, safe='')}"
            return Answer(packed(303, b"", headers={"Location": page}))
        return json_answer({"status": "success", "id": bubble.id, "at": bubble.at})

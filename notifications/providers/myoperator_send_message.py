"""MyOperator's `POST /whatsapp/send-message`: plain text, an account, a key and a secret.

The document names neither the credential headers nor the shape of an answer. So any 2xx with a readable JSON
object and without an error mark is an acceptance, and an id is welcome but not required.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from notifications.providers import answers
from notifications.providers.base import Accepted, Outgoing
from notifications.providers.transport import Answer, Transport


@dataclass
class SendMessage:
    """base_url without a trailing slash, for example `https://api.myoperator.co`."""

    base_url: str
    api_key: str
    api_secret: str
    account_id: str
    transport: Transport

    def send(self, outgoing: Outgoing) -> Accepted:
        """Send one text. Raises a `base.Failure`."""
        body = json.dumps(
            {"phone_number": outgoing.phone, "message": outgoing.text, "account_id": self.account_id},
            ensure_ascii=False,
        ).encode()
        url = f"{self.base_url}/whatsapp/send-message"
        return read(self.transport.post(url, self._headers(), body, outgoing.deadline))

    def _headers(self) -> dict[str, str]:
        return {
            "X-API-Key": self.api_key,
            "X-API-Secret": self.api_secret,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }


def read(answer: Answer) -> Accepted:
    """The acceptance that an answer is; raises the failure that it is instead."""
    document = answers.document(answer)
    if 200 <= answer.status < 300:
        if not isinstance(document, dict):
            raise answers.unreadable(answer)
        if not answers.has_error_mark(document):
            return Accepted(provider_id(document))
    raise answers.failure(answer, document)


def provider_id(document: dict[str, Any]) -> str:
    """The id under `message_id`, `id` or `data.message_id`; empty where there is none."""
    data = document.get("data")
    found = [
        document.get("message_id"),
        document.get("id"),
        data.get("message_id") if isinstance(data, dict) else None,
    ]
    usable = [str(value) for value in found if isinstance(value, str | int) and not isinstance(value, bool)]
    return next((named for value in usable if (named := answers.clean_id(value))), "")

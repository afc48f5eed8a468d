"""MyOperator's documented chat API: `POST /chat/messages`, for approved templates and for text within a session;
and what it says of our account.

"Accepted" means queued at MyOperator; what became of it comes by webhook, under our `myop_ref_id` and their
`message_id`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import phonenumbers

from notifications.providers import answers, listing
from notifications.providers.base import Accepted, Listing, Outgoing, Uncertain
from notifications.providers.transport import Answer, Transport


@dataclass
class Chat:
    """base_url without a trailing slash, for example `https://publicapi.myoperator.co`.

    `phone_number_id` is Meta's long id of our number, not the number; `waba_id` that of the account with the templates.
    """

    base_url: str
    api_key: str
    company_id: str
    phone_number_id: str
    transport: Transport
    waba_id: str = ""

    def send(self, outgoing: Outgoing) -> Accepted:
        """Send the approved template, or where there is none the text. Raises a `base.Failure`."""
        body = json.dumps(self._message(outgoing), ensure_ascii=False).encode()
        url = f"{self.base_url}/chat/messages"
        return read(self.transport.post(url, self._headers(), body, outgoing.deadline))

    def knock(self, seconds: float) -> None:
        """Ask for our own number, which proves the credentials. Raises a `base.Failure`."""
        listing.document(lambda: self._get("phonenumbers", {"expand": "waba_account"}, seconds))

    def templates(self, seconds: float) -> Listing:
        """All templates of the account, in pages of at most `seconds` each. Raises a `base.Failure`."""

        def page(offset: int) -> Answer:
            asked = {"waba_id": self.waba_id, "limit": listing.PAGE, "offset": offset}
            return self._get("templates", asked, seconds)

        return listing.read_all(page)

    def _get(self, what: str, asked: dict[str, Any], seconds: float) -> Answer:
        url = f"{self.base_url}/chat/{what}?{urlencode(asked)}"
        return self.transport.get(url, self._headers(), seconds)

    def _message(self, outgoing: Outgoing) -> dict[str, Any]:
        country, number = split(outgoing.phone)
        return {
            "phone_number_id": self.phone_number_id,
            "customer_country_code": country,
            "customer_number": number,
            "data": _data(outgoing),
            "reply_to": None,
            "myop_ref_id": outgoing.reference,
        }

    def _headers(self) -> dict[str, str]:
        key = re.sub(r"\Abearer\s+", "", self.api_key.strip(), flags=re.IGNORECASE)
        return {
            "Authorization": f"Bearer {key}",
            "X-MYOP-COMPANY-ID": self.company_id,
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
            return _accepted(document)
    raise answers.failure(answer, document)


def _accepted(document: dict[str, Any]) -> Accepted:
    data = document.get("data")
    found = data.get("message_id") if isinstance(data, dict) else None
    named = isinstance(found, str | int) and not isinstance(found, bool)
    if document.get("status") != "success" and not named:
        raise Uncertain("MyOperator's answer names no message; it may have it.", "unreadable")
    return Accepted(answers.clean_id(str(found)) if named else "")


def _data(outgoing: Outgoing) -> dict[str, Any]:
    template = outgoing.template
    if template is None:
        return {"type": "text", "context": {"body": outgoing.text, "preview_url": False}}
    context: dict[str, Any] = {"template_name": template.name, "language": template.language}
    if template.values:  # a template without placeholders has no body
        context["body"] = dict(template.values)
    return {"type": "template", "context": context}


@lru_cache(maxsize=10_000)
def split(phone: str) -> tuple[str, str]:
    """Country code and national number of an E.164 number, digits only."""
    number = phonenumbers.parse(phone)
    return str(number.country_code), phonenumbers.national_significant_number(number)

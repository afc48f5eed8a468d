"""What the real one would refuse in any request, and in one of `send-message`."""

import re
from typing import Any, NoReturn

from .ledger import Asked
from .options import Options
from .wire import Request, json_bytes

TEXT_LIMIT = 4096
_E164 = re.compile(r"\+[1-9]\d{7,14}\Z", re.ASCII)


class Refused(Exception):
    def __init__(self, code: str, data: bytes) -> None:
        self.code, self.data = code, data


def refuse_fields(errors: dict[str, str]) -> NoReturn:
    value = {"status": "error", "code": "400", "message": "Validation failed", "errors": errors}
    raise Refused("400", json_bytes(400, value))


def refuse_credentials() -> NoReturn:
    raise Refused("401", json_bytes(401, {"message": "Unauthorized"}))


def object_in(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        refuse_fields({"body": "must be a JSON object"})
    return body


def is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_LIMIT and not value.isspace()


TEXT_RULE = f"must be a text of 1 to {TEXT_LIMIT} characters"


def read_send_message(request: Request, options: Options) -> Asked:
    """`POST /whatsapp/send-message`. Raises Refused."""
    headers = request.headers
    if headers.get("x-api-key") != options.api_key or headers.get("x-api-secret") != options.api_secret:
        refuse_credentials()
    body = object_in(request)
    phone, text = body.get("phone_number", ""), body.get("message", "")
    errors = {}
    if body.get("account_id") != options.account_id:
        errors["account_id"] = "is not this account"
    if not _E164.match(as_text(phone)):
        errors["phone_number"] = "must be E.164, like +919876543210"
    if not is_text(text):
        errors["message"] = TEXT_RULE
    if errors:
        refuse_fields(errors)
    return Asked("send-message", phone, text, reference_in(body), headers)


def reference_in(body: dict[str, Any]) -> str | None:
    reference = body.get("myop_ref_id")
    return reference if isinstance(reference, str) else None


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""What the real one would refuse in a send request, for both APIs."""

import re
from typing import Any, NoReturn

from .ledger import Asked
from .options import Options
from .wire import Request, json_bytes

TEXT_LIMIT = 4096
_E164 = re.compile(r"\+[1-9]\d{7,14}\Z", re.ASCII)
_COUNTRY = re.compile(r"[1-9]\d{0,2}\Z", re.ASCII)
_NUMBER = re.compile(r"\d{4,14}\Z", re.ASCII)
_TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,512}\Z")
_DIRTY_VALUE = re.compile(r"[\n\r\t]| {5}")


class Refused(Exception):
    def __init__(self, code: str, data: bytes) -> None:
        self.code, self.data = code, data


def _refuse_fields(errors: dict[str, str]) -> NoReturn:
    value = {"status": "error", "code": "400", "message": "Validation failed", "errors": errors}
    raise Refused("400", json_bytes(400, value))


def _unauthorized() -> NoReturn:
    raise Refused("401", json_bytes(401, {"message": "Unauthorized"}))


def _object(request: Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        _refuse_fields({"body": "must be a JSON object"})
    return body


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_LIMIT and not value.isspace()


_TEXT_RULE = f"must be a text of 1 to {TEXT_LIMIT} characters"


def read_send_message(request: Request, options: Options) -> Asked:
    """`POST /whatsapp/send-message`. Raises Refused."""
    headers = request.headers
    if headers.get("x-api-key") != options.api_key or headers.get("x-api-secret") != options.api_secret:
        _unauthorized()
    body = _object(request)
    phone, text = body.get("phone_number", ""), body.get("message", "")
    errors = {}
    if body.get("account_id") != options.account_id:
        errors["account_id"] = "is not this account"
    if not _E164.match(_as_text(phone)):
        errors["phone_number"] = "must be E.164, like +919876543210"
    if not _is_text(text):
        errors["message"] = _TEXT_RULE
    if errors:
        _refuse_fields(errors)
    return Asked("send-message", phone, text, _reference(body), headers)


def _reference(body: dict[str, Any]) -> str | None:
    reference = body.get("myop_ref_id")
    return reference if isinstance(reference, str) else None


def check_chat_credentials(request: Request, options: Options) -> None:
    """The headers that every call of `chat` carries. Raises Refused."""
    if request.headers.get("authorization") != f"Bearer {options.api_key}":
        _unauthorized()
    if request.headers.get("x-myop-company-id") != options.company_id:
        value = {"status": "error", "code": "403", "message": "Invalid company ID!"}
        raise Refused("403", json_bytes(403, value))


def read_chat_message(request: Request, options: Options) -> Asked:
    """`POST /chat/messages`. Raises Refused."""
    check_chat_credentials(request, options)
    body = _object(request)
    errors = _address_errors(body, options)
    data = body.get("data")
    if not isinstance(data, dict):
        _refuse_fields({**errors, "data": "must be an object"})
    errors |= _data_errors(data)
    if errors:
        _refuse_fields(errors)
    phone = f"+{body['customer_country_code']}{body['customer_number']}"
    return Asked("chat", phone, text_of(data), _reference(body), request.headers, data)


def _address_errors(body: dict[str, Any], options: Options) -> dict[str, str]:
    errors = {}
    if body.get("phone_number_id") != options.phone_number_id:
        errors["phone_number_id"] = "is not a number of this account"
    if not _COUNTRY.match(_as_text(body.get("customer_country_code"))):
        errors["customer_country_code"] = "must be digits, like 91"
    if not _NUMBER.match(_as_text(body.get("customer_number"))):
        errors["customer_number"] = "must be digits, like 9876543210"
    return errors


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _data_errors(data: dict[str, Any]) -> dict[str, str]:
    context = data.get("context")
    if data.get("type") not in ("text", "template"):
        return {"data.type": "must be text or template"}
    if not isinstance(context, dict):
        return {"data.context": "must be an object"}
    return _text_errors(context) if data["type"] == "text" else _template_errors(context)


def _text_errors(context: dict[str, Any]) -> dict[str, str]:
    return {} if _is_text(context.get("body")) else {"data.context.body": _TEXT_RULE}


def _template_errors(context: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not _TEMPLATE_NAME.match(_as_text(context.get("template_name"))):
        errors["data.context.template_name"] = "must be a template's name"
    if not _as_text(context.get("language")):
        errors["data.context.language"] = "must be a language code"
    values = context.get("body", {})
    if not isinstance(values, dict):
        return {**errors, "data.context.body": "must be an object of placeholder and value"}
    return errors | {
        f"data.context.body.{name}": _VALUE_RULE for name, one in values.items() if not _clean(one)
    }


_VALUE_RULE = "must be a text without newline, tab or more than 4 spaces in a row"


def _clean(value: Any) -> bool:
    return _is_text(value) and not _DIRTY_VALUE.search(value)


def text_of(data: dict[str, Any]) -> str:
    """What the customer reads. The approved bodies are not known here: name and values stand for the text."""
    context = data["context"]
    if data["type"] == "text":
        return context["body"]
    return " · ".join([f"[{context['template_name']}]", *context.get("body", {}).values()])

"""What the real one would refuse in a request of `chat`, and what a message of it says."""

import re
from typing import Any, NoReturn

from . import meta
from .checks import (
    TEXT_RULE,
    Refused,
    as_text,
    is_text,
    object_in,
    reference_in,
    refuse_credentials,
    refuse_fields,
)
from .ledger import Asked
from .options import Options
from .template import NAME, Template
from .templates import Templates
from .wire import Request, json_bytes

_COUNTRY = re.compile(r"[1-9]\d{0,2}\Z", re.ASCII)
_NUMBER = re.compile(r"\d{4,14}\Z", re.ASCII)
_DIRTY_VALUE = re.compile(r"[\n\r\t]| {5}")
_VALUE_RULE = "must be a text without newline, tab or more than 4 spaces in a row, and not empty"


def check_credentials(request: Request, options: Options) -> None:
    """The headers that every call of `chat` carries. Raises Refused."""
    if request.headers.get("authorization") != f"Bearer {options.api_key}":
        refuse_credentials()
    if request.headers.get("x-myop-company-id") != options.company_id:
        value = {"status": "error", "code": "403", "message": "Invalid company ID!"}
        raise Refused("403", json_bytes(403, value))


def read_message(request: Request, options: Options, templates: Templates) -> Asked:
    """`POST /chat/messages`. Raises Refused."""
    check_credentials(request, options)
    body = object_in(request)
    errors = _address_errors(body, options)
    data = body.get("data")
    if not isinstance(data, dict):
        refuse_fields({**errors, "data": "must be an object"})
    errors |= _data_errors(data)
    if errors:
        refuse_fields(errors)
    phone = f"+{body['customer_country_code']}{body['customer_number']}"
    return Asked("chat", phone, _text_of(data, templates), reference_in(body), request.headers, data)


def _address_errors(body: dict[str, Any], options: Options) -> dict[str, str]:
    errors = {}
    if body.get("phone_number_id") != options.phone_number_id:
        errors["phone_number_id"] = "is not a number of this account"
    if body.get("waba_id") not in (None, options.waba_id):
        errors["waba_id"] = "is not a WhatsApp Business account of this company"
    if not _COUNTRY.match(as_text(body.get("customer_country_code"))):
        errors["customer_country_code"] = "must be digits, like 91"
    if not _NUMBER.match(as_text(body.get("customer_number"))):
        errors["customer_number"] = "must be digits, like 9876543210"
    return errors


def _data_errors(data: dict[str, Any]) -> dict[str, str]:
    context = data.get("context")
    if data.get("type") not in ("text", "template"):
        return {"data.type": "must be text or template"}
    if not isinstance(context, dict):
        return {"data.context": "must be an object"}
    return _text_errors(context) if data["type"] == "text" else _template_errors(context)


def _text_errors(context: dict[str, Any]) -> dict[str, str]:
    return {} if is_text(context.get("body")) else {"data.context.body": TEXT_RULE}


def _template_errors(context: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not NAME.match(as_text(context.get("template_name"))):
        errors["data.context.template_name"] = "must be a template's name"
    if not as_text(context.get("language")):
        errors["data.context.language"] = "must be a language code"
    values = context.get("body", {})
    if not isinstance(values, dict):
        return {**errors, "data.context.body": "must be an object of placeholder and value"}
    return errors | {
        f"data.context.body.{name}": _VALUE_RULE for name, one in values.items() if not _clean(one)
    }


def _clean(value: Any) -> bool:
    return is_text(value) and not _DIRTY_VALUE.search(value)


def _text_of(data: dict[str, Any], templates: Templates) -> str:
    """What the customer reads: the text, or the approved body with its values. Raises Refused."""
    context = data["context"]
    if data["type"] == "text":
        return context["body"]
    template = templates.find(context["template_name"], context["language"])
    if template is None or template.status != "approved":
        _refuse_template(template, f"{context['template_name']} in {context['language']}")
    values = context.get("body", {})
    mismatch = template.mismatch(values)
    if mismatch:
        refuse_fields({"data.context.body": mismatch})
    return template.filled(values)


def _refuse_template(template: Template | None, named: str) -> NoReturn:
    """Meta says the same of a template that is not there and of one that is not approved."""
    if template is None:
        code, why = meta.NOT_APPROVED, f"template {named} does not exist"
    elif template.status in _STOPPED:
        code, why = _STOPPED[template.status], f"template {named} is {template.status}"
    else:
        code, why = meta.NOT_APPROVED, f"template {named} is not approved, but {template.status}"
    raise Refused(str(code), meta.refusal(code, why))


_STOPPED = {"paused": meta.PAUSED, "disabled": meta.DISABLED}

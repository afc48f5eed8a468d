"""`GET /chat/templates`, page by page."""

from typing import Any

from .chat_checks import check_credentials
from .checks import refuse_fields
from .options import Options
from .template import Template
from .templates import Templates
from .wire import Request

PAGE = 10  # templates, unless `limit` says otherwise
LARGEST_PAGE = 100


def listed(request: Request, options: Options, templates: Templates) -> dict[str, Any]:
    """The answer's document; `count` is of all pages. Raises Refused."""
    check_credentials(request, options)
    query = request.query
    limit, offset = _page(query, options)
    found = [one for one in templates.all() if _fits(one, query)]
    results = [one.as_listed() for one in found[offset : offset + limit]]
    return {"status": "success", "data": {"count": len(found), "results": results}}


def _page(query: dict[str, str], options: Options) -> tuple[int, int]:
    """Limit and offset. Raises Refused."""
    limit, offset = _number(query, "limit", PAGE), _number(query, "offset", 0)
    errors = {}
    if query.get("waba_id") != options.waba_id:
        errors["waba_id"] = "is not a WhatsApp Business account of this company"
    if not 1 <= limit <= LARGEST_PAGE:
        errors["limit"] = f"must be a number from 1 to {LARGEST_PAGE}"
    if offset < 0:
        errors["offset"] = "must be a number, 0 or more"
    if errors:
        refuse_fields(errors)
    return limit, offset


def _number(query: dict[str, str], name: str, usual: int) -> int:
    """-1 for what is no number."""
    text = query.get(name, str(usual))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _fits(template: Template, query: dict[str, str]) -> bool:
    wanted = {"status": query.get("waba_template_status"), "category": query.get("category")}
    return all(not word or word.lower() == getattr(template, name) for name, word in wanted.items())

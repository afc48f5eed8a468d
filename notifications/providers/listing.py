"""The account's templates as MyOperator lists them: `GET /chat/templates`, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from notifications.providers import answers
from notifications.providers.base import Listed, Listing, NotNow, Uncertain
from notifications.providers.transport import Answer

PAGE = 10  # MyOperator's own; larger ones are not documented
MOST_PAGES = 1000


def read_all(page: Callable[[int], Answer]) -> Listing:
    """Every page, from `page(offset)`, until there are as many as `count` says. Raises a `base.Failure`."""
    found: dict[tuple[str, str], Listed] = {}
    seen, count = 0, 1
    for _ in range(MOST_PAGES):
        if seen >= count:
            break
        results, count = _read(document(lambda: page(seen)))  # noqa: B023  asked at once
        if not results:
            break
        seen += len(results)
        found |= {(one.name, one.language): one for one in map(_listed, results) if one}
    return Listing(list(found.values()), complete=seen >= count)


def document(ask: Callable[[], Answer]) -> dict[str, Any]:
    """The JSON object of a success. Raises a `base.Failure`: of a question, nothing is uncertain."""
    try:
        answer = ask()
    except Uncertain as error:
        raise NotNow("MyOperator did not answer in time.", error.code) from error
    found = answers.document(answer)
    if not 200 <= answer.status < 300 or (isinstance(found, dict) and answers.has_error_mark(found)):
        failure = answers.failure(answer, found)
        raise NotNow(failure.words, failure.code) if isinstance(failure, Uncertain) else failure
    if not isinstance(found, dict):
        raise NotNow("MyOperator's answer could not be read.", "unreadable")
    return found


def _read(document: dict[str, Any]) -> tuple[list[Any], int]:
    data = document.get("data")
    results, count = (data.get("results"), data.get("count")) if isinstance(data, dict) else (None, None)
    if not isinstance(results, list) or type(count) is not int:
        raise NotNow("MyOperator's list of templates could not be read.", "unreadable")
    return results, count


def _listed(one: Any) -> Listed | None:
    """One template; None where it has no name or no language, and so cannot be sent."""
    if not isinstance(one, dict) or not (_text(one, "name") and _text(one, "language")):
        return None
    components = one.get("components")
    known = components if isinstance(components, list) else []
    return Listed(
        name=_text(one, "name"),
        language=_text(one, "language"),
        category=_text(one, "category").lower(),
        status=_text(one, "waba_template_status").lower(),
        quality=_quality(one.get("quality")),
        reason=_text(one, "failure_reason"),
        body=_body(known),
        components=known,
        provider_id=_text(one, "id") or _text(one, "waba_template_id"),
    )


def _text(one: dict[str, Any], name: str) -> str:
    value = one.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _quality(value: Any) -> str:
    """A word, or as Meta writes it `{"score": "GREEN"}`."""
    if isinstance(value, dict):
        return _text(value, "score")
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _body(components: list[Any]) -> str:
    bodies = (part for part in components if isinstance(part, dict))
    return next((_text(part, "text") for part in bodies if _text(part, "type").upper() == "BODY"), "")

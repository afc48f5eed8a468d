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
    """Every page, from `page(offset)`, until there are as many as `count` says. Raises a `base.Failure`.

    A list that changed while it was read may have left one out between two pages: it is not complete.
    """
    results: list[Any] = []
    counts: list[int] = []
    for _ in range(MOST_PAGES):
        more, count = _read(document(lambda: page(len(results))))  # noqa: B023  asked at once
        counts.append(count)
        results += more
        if not more or len(results) >= count:
            break
    named = [one for one in map(_listed, results) if one]
    moved = len(set(counts)) > 1 or _twice(named)
    return Listing(_each_once(named), complete=len(results) >= counts[-1] and not moved)


def _twice(named: list[Listed]) -> bool:
    """Whether one came on two pages: the list has moved."""
    return len({(one.name, one.language, one.provider_id) for one in named}) < len(named)


def _each_once(named: list[Listed]) -> list[Listed]:
    """Of two with one name and language, the one that can be sent."""
    found: dict[tuple[str, str], Listed] = {}
    for one in named:
        before = found.get((one.name, one.language))
        if before is None or before.status != "approved":
            found[one.name, one.language] = one
    return list(found.values())


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

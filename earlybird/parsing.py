"""JSON from outside."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MOST_LEVELS = 20


class Json(JSONParser):
    """JSON of at most 20 levels: Python's recursion ends at about a thousand, as an error of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            data = None
        if data is None or _deeper(data, MOST_LEVELS):
            raise ParseError(f"Give a JSON object of at most {MOST_LEVELS} levels.")
        return data


def _deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _children(node: object) -> list[object]:
    found = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [child for child in found if isinstance(child, dict | list)]

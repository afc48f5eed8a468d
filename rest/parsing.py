"""JSON from outside."""

import json
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, JSONParser

MOST_LEVELS = 20


class TooLarge(APIException):
    """The body is longer than we read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class Json(BaseParser):
    """JSON of at most 20 levels: Python's recursion ends at about a thousand, as an error of ours.

    No JSONParser itself: for those the framework reads the body beforehand, where an error is a 500.
    """

    media_type = JSONParser.media_type

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = BytesIO(_body(parser_context["request"]))
        try:
            data = JSONParser().parse(body, media_type, parser_context)
            json.dumps(data, allow_nan=False)  # 1e400 is read as infinity, which no column can be asked for
        except RecursionError:
            raise ParseError(f"Give a JSON object of at most {MOST_LEVELS} levels.") from None
        except ValueError as error:
            raise ParseError("A number in this JSON is too large.") from error
        if data is None:
            raise ParseError("Give a JSON object; this is null.")
        if _deeper(data, MOST_LEVELS):
            raise ParseError(f"Give a JSON object of at most {MOST_LEVELS} levels.")
        return data


def _body(request: Any) -> bytes:
    try:
        return bytes(request.body)
    except RequestDataTooBig as error:
        raise TooLarge(f"Give at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes.") from error


def _deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [child for node in level for child in _children(node)]
    return bool(level)


def _children(node: object) -> list[object]:
    found = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [child for child in found if isinstance(child, dict | list)]

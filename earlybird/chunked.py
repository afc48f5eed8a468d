"""Bodies that come in chunks: Django takes a request without a Content-Length for one without a body.

Some of those who post events or orders stream them so. The server has put the chunks together; here they are counted.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def counted(application: Application) -> Application:
    """The same application, which finds the length of every body. Of one that is too large just too much is read:
    then Django refuses it by its length.
    """

    def with_length(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
            body = _read(environ["wsgi.input"], settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return application(environ, start_response)

    return with_length


def _read(stream: Any, most: int) -> bytes:
    """At most so many bytes; what came, where the sender broke off."""
    body = bytearray()
    try:
        while len(body) < most and (more := stream.read(min(most - len(body), 65_536))):
            body += more
    except OSError:
        pass
    return bytes(body)

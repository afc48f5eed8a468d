"""A request as Django can read it, whatever its headers say of its body."""

import contextlib
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_CHARSET = re.compile(r";\s*charset\*?\s*=[^;]*", re.IGNORECASE)


def readable(application: Application) -> Application:
    """The same application, behind what follows."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _say_no_charset(environ)
        _measure(environ)
        return application(environ, start_response)

    return answer


def _say_no_charset(environ: dict[str, Any]) -> None:
    """JSON and our forms are UTF-8. Django would read the address too by what is said here: `zlib` was a 500 before
    any of our code ran.
    """
    if "charset" in (given := environ.get("CONTENT_TYPE") or "").lower():
        environ["CONTENT_TYPE"] = _CHARSET.sub("", given)


def _measure(environ: dict[str, Any]) -> None:
    """A body that comes in chunks tells no length, and Django takes it for none. Of a longer one than we take, one
    byte more than that is read, so that it is refused as what it is.
    """
    if environ.get("CONTENT_LENGTH") or not environ.get("HTTP_TRANSFER_ENCODING"):
        return
    body = _read(environ["wsgi.input"], (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + 1)
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def _read(stream: Any, most: int) -> bytes:
    """At most so many bytes. What came, where the sender broke off: JSON that is cut short is refused as such."""
    body = bytearray()
    with contextlib.suppress(OSError):
        while len(body) < most and (more := stream.read(most - len(body))):
            body += more
    return bytes(body)

"""Where MyOperator reports: check, keep, answer 200. The work is done later, in batches."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from notifications import keeping, nudge, storable
from notifications.clock import now as clock_now

logger = logging.getLogger(__name__)

FOLDER = "/webhooks/"


class Straight:
    """Lets events pass by all other middleware: a thousand a second need no session, user, cookie or host.

    It goes first. Nobody refuses them before the view does, so nobody logs a path with the secret in it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(FOLDER):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return _answer(404, "Events are posted to /webhooks/myoperator.")
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response


@csrf_exempt
def myoperator(request: HttpRequest, secret: str = "") -> JsonResponse:
    """Keep an event, or a list of them. 200 once they are kept (again, too), 401 without our secret, 403 for another
    account; of a list only what is ours is kept.

    400 for what holds no event, 413 for one over DATA_UPLOAD_MAX_MEMORY_SIZE, 503 where it could not be kept:
    MyOperator comes again for a day. Every answer is made here, for Django would log the path with the secret.
    """
    if request.method != "POST":
        return _answer(405, "Events are posted.")
    if not any(_known(given) for given in (secret.rstrip("/"), *_in_headers(request))):
        return _answer(401, "The webhook secret is missing or wrong.")
    try:
        body = json.loads(request.body)
    except RequestDataTooBig:
        return _answer(413, "The body is too large.")
    except (UnreadablePostError, ValueError, RecursionError):
        return _answer(400, "The body is not JSON.")
    # What is no event among others is not worth losing them for.
    events = [event for event in (body if isinstance(body, list) else [body]) if isinstance(event, dict)]
    if not events:
        return _answer(400, "The body must be a JSON object, or a list of them.")
    ours = [event for event in events if _ours(event)]
    if not ours:
        return _answer(403, "This event is for another account.")
    return _kept(ours)


def _in_headers(request: HttpRequest) -> list[str]:
    """Our own header, and the password of Basic authentication, which MyOperator offers too; of any user."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = [request.headers.get("X-Webhook-Secret", "")]
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            found.append(base64.b64decode(token.strip().encode("ascii")).decode().partition(":")[2])
    return found


def _known(given: str) -> bool:
    """Constant time; no secret configured means that everything is refused."""
    secrets = [secret.encode() for secret in settings.MYOPERATOR_WEBHOOK_SECRETS if secret]
    return sum(hmac.compare_digest(given.encode("utf-8", "replace"), secret) for secret in secrets) > 0


def _ours(event: dict[str, object]) -> bool:
    expected = {
        "company_id": settings.MYOPERATOR_COMPANY_ID,
        "system_identifier": settings.MYOPERATOR_PHONE_NUMBER_ID,
    }
    return all(not ours or _text(event.get(name)) == ours for name, ours in expected.items())


def _kept(events: list[dict[str, object]]) -> JsonResponse:
    try:
        keeping.keep(*map(_row, events))
    except (DatabaseError, InterfaceError):
        logger.exception("a webhook event could not be kept")
        return _answer(503, "The event could not be kept. Send it again.")
    nudge.receipts()
    return _answer(200, "kept")


def _row(event: dict[str, object]) -> keeping.Row:
    document = storable.dumps(event)
    return keeping.Row(_id(event, document), _text(event.get("event_type"))[:64], document, clock_now())


def _id(event: dict[str, object], document: str) -> str:
    """An event without an id still counts once: its content stands in."""
    given = _text(event.get("event_id"))
    return given if 0 < len(given) <= 128 else hashlib.sha256(document.encode()).hexdigest()


def _text(value: object) -> str:
    return storable.plain(value, 1000) if isinstance(value, str | int) else ""


def _answer(status: int, words: str) -> JsonResponse:
    response = JsonResponse({"status": "ok" if status == 200 else "error", "message": words}, status=status)
    if status == 405:
        response["Allow"] = "POST"
    response["Content-Length"] = str(len(response.content))  # else the server sends it in chunks
    response._has_been_logged = True  # type: ignore[attr-defined]
    if status != 200:
        logger.warning("webhook refused: %s %s", status, words)
    return response

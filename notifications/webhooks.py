"""Where MyOperator reports: check, keep, answer 200. The work is done later, in batches."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import nudge, storable
from notifications.clock import now as clock_now

logger = logging.getLogger(__name__)

_KEEP = """
INSERT INTO notifications_webhookevent (event_id, event_type, payload, received_at, due_at, tries, result)
VALUES (%s, %s, %s::jsonb, %s, %s, 0, '') ON CONFLICT (event_id) DO NOTHING
"""


@csrf_exempt
@require_POST
def myoperator(request: HttpRequest, secret: str = "") -> JsonResponse:
    """Keep one event. 200 once it is kept (again, too), 401 without our secret, 403 for another account, 400."""
    if not _known(request.headers.get("X-Webhook-Secret", "")) and not _known(secret):
        return _answer(401, "The webhook secret is missing or wrong.")
    try:
        event = json.loads(request.body)
    except (ValueError, RecursionError):
        return _answer(400, "The body is not JSON.")
    if not isinstance(event, dict):
        return _answer(400, "The body must be a JSON object.")
    if not _ours(event):
        return _answer(403, "This event is for another account.")
    _keep(event, request.body)
    return _answer(200, "kept")


def _known(given: str) -> bool:
    """Constant time; no secret configured means that everything is refused."""
    secrets = [secret.encode() for secret in settings.MYOPERATOR_WEBHOOK_SECRETS if secret]
    return any([hmac.compare_digest(given.encode("utf-8", "replace"), secret) for secret in secrets])


def _ours(event: dict[str, object]) -> bool:
    expected = {
        "company_id": settings.MYOPERATOR_COMPANY_ID,
        "system_identifier": settings.MYOPERATOR_PHONE_NUMBER_ID,
    }
    return all(not ours or str(event.get(name, "")) == ours for name, ours in expected.items())


def _keep(event: dict[str, object], body: bytes) -> None:
    given = event.get("event_id")
    # An event without an id still counts once: its content stands in.
    event_id = given if isinstance(given, str) and 0 < len(given) <= 128 else hashlib.sha256(body).hexdigest()
    now = clock_now()
    clean_id, clean_type = (_plain(value) for value in (event_id, str(event.get("event_type", ""))[:64]))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [clean_id, clean_type, storable.dumps(event), now, now])
    nudge.receipts()


def _plain(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _answer(status: int, words: str) -> JsonResponse:
    response = JsonResponse({"status": "ok" if status == 200 else "error", "message": words}, status=status)
    # Django logs refused requests with their path, and the path may hold the secret.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if status != 200:
        logger.warning("webhook refused: %s %s", status, words)
    return response

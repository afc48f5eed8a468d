"""Row 12: receipts in every wrong way, and what the sandbox knows to be true of each message."""

import contextlib
import json
import socket
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

from benchmarks.faults.ground import Ground
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue
from notifications import nudge
from notifications.models import Attempt, Message, WebhookEvent
from notifications.sandbox.client import Sandbox, running

BURST = 3000
STORM_MESSAGES = 1200  # more than carry the receipts
EACH = 60  # messages in each other way
SECRET = "faults-webhook-secret"  # noqa: S105
WAYS = ("duplicated", "reversed", "early")
LIES = {"forged": 0.3, "unknown": 0.3, "strange": 0.3}  # for each true one
DELAYS = {"sent": 0.05, "delivered": 0.15, "read": 0.3}


@row(
    12,
    f"receipts duplicated, reversed, forged, early, for unknown ids, for an older attempt, {BURST:,} in a burst",
    "right final states, forged refused, none lost",
)
def misbehaving(ground: Ground, seen: Seen) -> None:
    with talking(ground) as (sandbox, url):
        for way in WAYS:
            _way(sandbox, seen, way)
        _older_attempt(ground, sandbox, seen, url)
        _storm(sandbox, seen)


@contextlib.contextmanager
def talking(ground: Ground, **env: object) -> Iterator[tuple[Sandbox, str]]:
    """A stack with its web, and a sandbox that posts to it; yields that and the webhook's address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/myoperator"
    settings = {"magic": False, "receipt_delays": DELAYS}
    with running(0, 0, url, settings, webhook_secret=SECRET) as sandbox:
        ours = {"MYOPERATOR_BASE_URL": sandbox.url, "MYOPERATOR_WEBHOOK_SECRETS": SECRET}
        with ground.stack({"web", "dispatch", "jobs", "beat"}, port, **ours, **env):
            yield sandbox, url


def _way(sandbox: Sandbox, seen: Seen, way: str) -> None:
    """Receipts in this way, with lies among them."""
    sandbox.forget()
    sandbox.set(receipts=way, **LIES)
    ids = _sent(EACH)
    _until_told(sandbox, ids)
    sandbox.set(receipts="normal", **dict.fromkeys(LIES, 0))
    _compare(sandbox, seen, f"{way}, with lies", ids)


def _storm(sandbox: Sandbox, seen: Seen) -> None:
    sandbox.forget()
    sandbox.set(receipts="never")
    sandbox.storm(receipts=BURST, duplicated=0.2, forged=0.05, early=0.05)
    ids = _sent(STORM_MESSAGES)
    wait_until("the storm is over", lambda: sandbox.storm_state()["state"] == "over", 120)
    _until_told(sandbox, ids)
    _compare(sandbox, seen, f"{BURST:,} in a burst", ids)


def _sent(number: int) -> list[int]:
    ids = queue(number)
    nudge.dispatch()
    wait_until("all are sent", lambda: not _any(ids, Status.QUEUED, Status.SENDING), 120)
    return ids


def _any(ids: Collection[int], *statuses: Status) -> bool:
    return Message.objects.filter(pk__in=ids, status__in=statuses).exists()


def _until_told(sandbox: Sandbox, ids: Collection[int]) -> None:
    """Until the sandbox has said all, and all that is about these messages is applied."""
    wait_until("all is posted", lambda: _is_silent(sandbox), 120, 0.3)
    told = {message["id"] for message in sandbox.messages()}
    wait_until("all is applied", lambda: not told & _waiting(), 120, 0.3)


def _is_silent(sandbox: Sandbox) -> bool:
    """Nothing to post, and every message has got as far as it gets."""
    ends = {"read", "failed"} if sandbox.settings()["receipts"] != "never" else None
    done = ends is None or {message["status"] for message in sandbox.messages()} <= ends
    return bool(done and not sandbox.summary()["webhooks"]["pending"])


def _waiting() -> set[str]:
    events = WebhookEvent.objects.filter(applied_at=None).values_list("payload__payload__id", flat=True)
    return set(events)


def _compare(sandbox: Sandbox, seen: Seen, what: str, ids: Collection[int]) -> None:
    truth = {message["id"]: message["status"].replace("accepted", "sent") for message in sandbox.messages()}
    attempts = Attempt.objects.filter(message_id__in=ids, outcome=Attempt.Outcome.ACCEPTED)
    stands = dict(Message.objects.filter(pk__in=ids).values_list("pk", "status"))
    ours = {a.provider_message_id: stands[a.message_id] for a in attempts}
    wrong = sum(ours.get(one) != status for one, status in truth.items())
    posted = sandbox.summary()["webhooks"]
    seen.check(
        f"{what}: {dict(Counter(ours.values()))}, {wrong} not as the sandbox knows; "
        f"{posted['forged_taken']} of {posted['forged']} forged taken, {posted['dropped']} lost",
        not wrong and not posted["forged_taken"] and not posted["dropped"],
    )


def _older_attempt(ground: Ground, sandbox: Sandbox, seen: Seen, url: str) -> None:
    """Taken, but the answer was garbage; sent again; then the first one is reported on, as failed, as delivered."""
    sandbox.forget()
    sandbox.set(receipts="never", mode="garbage_200")
    ids = queue(1)
    nudge.dispatch()
    wait_until("it is uncertain", lambda: all_are(ids, Status.UNCERTAIN), 30)
    sandbox.set(mode="ok")
    ground.clock.move(minutes=6)
    nudge.dispatch()
    wait_until("it is sent again", lambda: all_are(ids, Status.SENT), 30)
    first, _ = sandbox.messages()
    for kind in ("failed", "delivered"):
        _post(url, first, kind)
        wait_until("it is applied", lambda: first["id"] not in _waiting(), 30)
        stands = Message.objects.get(pk=ids[0]).status
        seen.check(
            f"the first of two tries {kind}: the message is {stands}",
            stands == ("sent" if kind == "failed" else kind),
        )
    sandbox.set(receipts="normal")


def _post(url: str, message: dict[str, Any], kind: str) -> None:
    event = {
        "event_id": str(uuid4()),
        "event_type": f"message.{kind}",
        "customer_identifier": message["phone"].lstrip("+"),
        "payload": {
            "id": message["id"],
            "status": kind,
            "data": {"type": "text", "context": {"body": message["text"]}},
            "error": {"code": 131026},
        },
    }
    headers = {"X-Webhook-Secret": SECRET, "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(event).encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])

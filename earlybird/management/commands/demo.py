"""`make demo`: all ten messages, caused for real, watched until each is read."""

import contextlib
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from earlybird.running import only_one, running, write_down
from earlybird.stack import Stack, StackError
from notifications import nudge
from notifications.clock import now as clock_now
from notifications.models import Message, MessageEvent, QueuedMessage

WIDTH = 26  # of the column of kinds
OPEN_HOURS = {"NOTIFICATION_REMINDER_HOURS": "00:00-00:00", "NOTIFICATION_MARKETING_HOURS": "00:00-00:00"}
ENDED_BADLY = {"failed", "expired", "suppressed", "cancelled"}


class Command(BaseCommand):
    help = "Cause all ten kinds of message and wait until each is read. Exits 1 with what did not arrive."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=90, help="how long to wait for the last receipt")

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        try:
            with self._stack():
                messages = self._cause()
                self._watch(messages, seconds)
        except StackError as error:
            raise CommandError(str(error)) from error

    @contextlib.contextmanager
    def _stack(self) -> Iterator[None]:
        """The stack that runs here, or one of this demo's own, with the house's hours open."""
        found = running()
        if not settings.SANDBOX:
            raise CommandError(
                "MYOPERATOR_BASE_URL is set: the demo's numbers could be somebody's. Unset it."
            )
        if found:
            self._use(found)
            yield
            return
        self.stdout.write("Starting EarlyBird for the demo …")
        said: list[str] = []
        stack = Stack(
            port=settings.PORT,
            sandbox_port=settings.SANDBOX_PORT,
            env=OPEN_HOURS,
            say=lambda name, line: said.append(f"{name:>8} | {line}"),
            changed=lambda stack: write_down(stack),
        )
        try:
            with only_one(), stack:
                yield
        except (CommandError, StackError):
            self.stderr.write("\n".join(["What the stack said last:", *said[-30:]]))
            raise

    def _use(self, found: dict[str, Any]) -> None:
        if not found["sandbox_port"]:
            raise CommandError("What runs here sends to a real provider: the demo needs the sandbox.")
        if not found["ready"]:
            raise CommandError("EarlyBird is just starting here. Try again when it says that it is ready.")
        if found["api"] != settings.MYOPERATOR_API:
            raise CommandError(
                f"What runs here sends by {found['api']}: run `make demo MYOPERATOR_API={found['api']}`, or stop it."
            )
        self.stdout.write(f"Using the EarlyBird that runs here: http://127.0.0.1:{found['port']}")

    def _cause(self) -> dict[str, Message]:
        # Imported late: `demo` is asked for help without a database.
        from earlybird.showcase import Showcase

        messages = {}
        for kind, cause in Showcase().causes():
            reference = cause()
            found = Message.objects.filter(kind=kind, reference_id=reference).order_by("-pk").first()
            if found is None:
                raise CommandError(f"{kind}: nothing was recorded for {reference}.")
            messages[kind] = found
        self._open_hours(messages)
        return messages

    def _open_hours(self, messages: dict[str, Message]) -> None:
        """The stack that ran already keeps the house's hours; the demo's own messages pass them."""
        QueuedMessage.objects.filter(pk__in=[m.pk for m in messages.values()], lease_until=None).update(
            passes_hours=True, due_at=clock_now()
        )
        nudge.dispatch()

    def _watch(self, messages: dict[str, Message], seconds: float) -> None:
        ends, seen = time.monotonic() + seconds, dict.fromkeys(messages, "")
        while time.monotonic() < ends and not all(
            m.status in {"read"} | ENDED_BADLY for m in messages.values()
        ):
            for kind, message in messages.items():
                message.refresh_from_db()
                if message.status != seen[kind]:
                    seen[kind] = message.status
                    self.stdout.write(f"  {kind:<{WIDTH}} {message.status}")
            time.sleep(0.1)
        self._report(messages)

    def _report(self, messages: dict[str, Message]) -> None:
        self.stdout.write("")
        for kind, message in messages.items():
            self.stdout.write(f"{kind:<{WIDTH}} {message.status:<10} {message.language}  {message.text}")
            self.stdout.write(f"{'':<{WIDTH}} {_way(message)}")
        missing = {kind: m for kind, m in messages.items() if m.status != "read"}
        if missing:
            lines = [f"  {kind}: {m.status} {m.error}".rstrip() for kind, m in missing.items()]
            raise CommandError("\n".join([f"{len(missing)} of {len(messages)} kinds were not read:", *lines]))
        self.stdout.write(self.style.SUCCESS(f"All {len(messages)} kinds were read."))


def _way(message: Message) -> str:
    """`queued 14:03:01.120 → sent +0.1 s → delivered +0.6 s → read +1.1 s`."""
    steps = [f"queued {message.created_at.astimezone():%H:%M:%S}"]
    for name in ("sent", "delivered", "read"):
        moment = getattr(message, f"{name}_at")
        if moment:
            steps.append(f"{name} +{(moment - message.created_at).total_seconds():.1f} s")
    notes = MessageEvent.objects.filter(message_id=message.pk).exclude(what__in=("delivered", "read", "sent"))
    return " → ".join([*steps, *(note.what for note in notes)])

import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management.base import BaseCommand, CommandError

from earlybird.running import only_one, write_down
from earlybird.stack import Stack, StackError


class Command(BaseCommand):
    help = "Run everything: servers, migrations, demo data, web, workers, beat and sandbox, until Ctrl-C."
    requires_system_checks = []  # made below, for a sentence each

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo-data", action="store_true", help="leave the database as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        listen_for_signals(interrupt)
        refuse_wrong_settings()
        try:
            with only_one():
                self.run(demo_data=not options["no_demo_data"])
        except StackError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("EarlyBird has stopped.")

    def run(self, *, demo_data: bool) -> None:
        ready = False
        stack = Stack(
            port=settings.PORT, sandbox_port=settings.SANDBOX_PORT, demo_data=demo_data,
            changed=lambda stack: write_down(stack, ready=ready),
        )  # fmt: skip
        try:
            stack.start()
            ready = True
            write_down(stack, ready=True)
            self.greet(stack)
            while True:
                time.sleep(3600)
        finally:
            listen_for_signals(lambda *_: stack.hurry())  # a second Ctrl-C
            stack.stop()

    def greet(self, stack: Stack) -> None:
        lines = [f"EarlyBird is ready: {stack.url}", f"  admin      {stack.url}/admin/"]
        if stack.demo_data:
            lines[1] += "   (login chitra, password earlybird)"
            lines.append(
                "             or as sana (Support), kabir (Content), omkar (Operations), same password"
            )
        if stack.uses_sandbox:
            lines.append(f"  the customers' phones   {stack.sandbox_url}/")
        else:
            lines.append(f"  messages go to {settings.MYOPERATOR_BASE_URL}")
        self.stdout.write("\n".join([*lines, "  Ctrl-C stops everything"]))
        self.stdout.flush()


def refuse_wrong_settings() -> None:
    """Raise CommandError with a line for each setting that no run could work with."""
    wrong = [found for found in checks.run_checks() if found.is_serious() and not found.is_silenced()]
    if wrong:
        raise CommandError("\n".join(" ".join(filter(None, (found.msg, found.hint))) for found in wrong))


def listen_for_signals(handler: Callable[..., None]) -> None:
    """Let the same thing happen at Ctrl-C, `kill` and a closed terminal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def interrupt(*_: object) -> None:
    """End what the main thread is doing."""
    raise KeyboardInterrupt

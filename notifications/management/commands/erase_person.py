"""`manage.py erase_person +919876543210`: a person's numbers and texts go, counts stay."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import erasure, timeline
from notifications.phones import BadPhone, e164, mask


class Command(BaseCommand):
    help = "Erase what is kept about a number, for good. Orders and bills stay, without name, number and address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone", help="in any form people type; quote it where it has spaces")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, phone: str, yes: bool, **options: Any) -> None:
        number = _number(phone)
        if not yes and not _agreed(number):
            raise CommandError("Nothing was erased.")
        try:
            event = erasure.erase(number, f"{getpass.getuser()} (command)")
        except erasure.Unknown as error:
            self._said_before(error)
            return
        counted = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in event.counts.items())
        self.stdout.write(f"Erased, now {event.token} in the log. Rows: {counted}.")
        if flying := erasure.under_way(event):
            self.stdout.write(
                f"{flying} were being sent at this moment, and may still arrive; they are not repeated."
            )

    def _said_before(self, error: erasure.Unknown) -> None:
        """Erased before is done; a number that was never there may be a slip of the finger."""
        if error.erased is None:
            raise CommandError(f"{error} Check the digits.")
        self.stdout.write(f"{error} It was erased on {timeline.when(error.erased.at)} by {error.erased.by}.")


def _number(phone: str) -> str:
    try:
        return e164(phone)
    except BadPhone as error:
        raise CommandError(str(error)) from error


def _agreed(number: str) -> bool:
    asked = (
        f"Everything kept about {mask(number)} will be gone for good. Type its last four digits to go on: "
    )
    try:
        return input(asked).strip() == number[-4:]
    except EOFError:
        return False

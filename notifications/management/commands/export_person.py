"""`manage.py export_person +919876543210 > asha.json`: everything that is kept about a number."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from notifications import person
from notifications.clock import now as clock_now
from notifications.phones import BadPhone, e164


class Command(BaseCommand):
    help = "Print everything that is kept about a number, as JSON: a list of rows for each sort of row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("phone", help="in any form people type; quote it where it has spaces")

    def handle(self, *args: Any, phone: str, **options: Any) -> None:
        try:
            number = e164(phone)
        except BadPhone as error:
            raise CommandError(str(error)) from error
        if not person.is_known(number):
            raise CommandError("Nothing is kept about this number. Check the digits.")
        self._write(number)

    def _write(self, number: str) -> None:
        """Row by row: a person may have more of them than fits."""
        self.stdout.write(f'{{"phone": "{number}", "exported_at": {_json(clock_now())}', ending="")
        for name, rows in person.sections(number):
            self.stdout.write(f',\n"{name}": [', ending="")
            for place, row in enumerate(rows):
                self.stdout.write(f"{',' if place else ''}\n  {_json(row)}", ending="")
            self.stdout.write("]", ending="")
        self.stdout.write("}")


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)

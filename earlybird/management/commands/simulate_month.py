"""`manage.py simulate_month`: a month of the shop, day by day, and whether everybody was told what the rules say."""

import contextlib
import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from earlybird.simulation.moved import moved_clock
from earlybird.simulation.settings import rules_as_written

START = "2026-10-20"  # so that the first of a month, and the days its bills are reminded on, are played


class Command(BaseCommand):
    help = (
        "Play a month of the shop with the clock moved, in a database of its own and with no provider that reaches"
        " anybody, and compare who was told what with a plain count by the rules. Exits 1 where they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--customers", type=int, default=42, help="how many; every 14 have all characters once"
        )
        parser.add_argument("--days", type=int, default=31)
        parser.add_argument(
            "--start", type=date.fromisoformat, default=START, help="the first day, 2026-10-20"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--quiet", action="store_true", help="print the table alone")

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable(logging.WARNING)  # a line for each message would be thousands
        with scratch_database(), rules_as_written(), moved_clock() as to:
            comparison = self._play(to, **options)
        if comparison.differs:
            raise CommandError("\n".join(["Not as the rules say:", *comparison.differences()]))
        self.stdout.write(self.style.SUCCESS("Everybody was told what the rules say, and nothing else."))

    def _play(
        self, to: Any, *, customers: int, days: int, start: date, seed: int, quiet: bool, **_: Any
    ) -> Any:
        # Imported late: `--help` needs no database.
        from earlybird.simulation import plan, rules
        from earlybird.simulation.comparison import Comparison, not_told, was_told
        from earlybird.simulation.play import Play

        made = plan.made(start, days, customers, seed)
        Play(made, to, say=(lambda line: None) if quiet else self.stdout.write).run()
        comparison = Comparison(rules.told(made), was_told())
        self.stdout.write("\n".join(["", *comparison.table(), ""]))
        for kind, status, code, count in not_told():
            self.stdout.write(f"not told: {count:>6} {kind} {status} {code}".rstrip())
        return comparison


@contextlib.contextmanager
def scratch_database() -> Iterator[None]:
    """An empty database with all tables, on the same server; dropped at the end. The shop's is not touched."""
    before = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"simulation_{before}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.sandbox.__main__ import run
from notifications.sandbox.options import add_arguments, options_from


class Command(BaseCommand):
    help = "Run a local MyOperator: takes messages, posts receipts, shows the customer's phone, plays faults."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        run(options_from(options))

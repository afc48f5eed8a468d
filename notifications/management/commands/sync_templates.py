"""`manage.py sync_templates`: ask MyOperator now how the approved templates stand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import template_sync
from notifications.clock import now
from notifications.providers.base import Failure


class Command(BaseCommand):
    help = "Ask MyOperator how the approved templates stand, and let go the messages that waited for it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = template_sync.sync(now())
        except Failure as failure:
            raise CommandError(failure.words) from failure
        if done is None:
            self.stdout.write("MYOPERATOR_API is not chat: texts go as they stand, no template is needed.")
            return
        for words in done.warnings:
            self.stderr.write(self.style.WARNING(words))
        self.stdout.write(f"{done.listed} listed, {done.gone} gone, {done.released} messages let go.")

"""`manage.py lint_templates --language hi`: what WhatsApp would dislike in the texts, with the place and the remedy."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from notifications import linter, registry
from notifications.models import MessageTemplate

HEAD = ("KIND", "LANGUAGE", "PLACE", "FOUND", "REMEDY")
_NARROWED = {"kind": "of the kind", "language": "in the language"}
Row = Sequence[str]


class Command(BaseCommand):
    help = "Say what WhatsApp would dislike in the texts, as line:column, what, and the remedy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", help="only this kind of message, for example order_confirmation")
        parser.add_argument("--language", choices=[code for code, _ in registry.LANGUAGES])
        parser.add_argument("--strict", action="store_true", help="exit 1 where anything is found")

    def handle(self, *args: Any, strict: bool, **options: Any) -> None:
        texts = _texts({name: options[name] for name in _NARROWED if options[name]})
        rows = [row for text in texts for row in _found(text)]
        for line in _table([HEAD, *rows]) if rows else ():
            self.stdout.write(line)
        said = f"Findings: {len(rows)}, in texts: {len(texts)}."
        if rows and strict:
            raise CommandError(said)
        self.stdout.write(said)


def _texts(wanted: dict[str, str]) -> QuerySet[MessageTemplate]:
    """Those that are switched off too: somebody may switch them on. Raises CommandError where there are none."""
    texts = MessageTemplate.objects.filter(**wanted)
    if not texts:
        which = " ".join(f"{_NARROWED[name]} {value}" for name, value in wanted.items())
        raise CommandError(f"There is no text {which}".rstrip() + ".")
    return texts


def _found(text: MessageTemplate) -> Iterator[Row]:
    kind = registry.get(text.kind)
    for finding in linter.lint(text.content, kind.category if kind else "utility"):
        place = f"{finding.line}:{finding.column}"
        yield text.kind, text.language, place, finding.message, finding.remedy


def _table(rows: Sequence[Row]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()

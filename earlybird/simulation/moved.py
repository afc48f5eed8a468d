"""The house's clock, moved in this process and its children."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


@contextlib.contextmanager
def moved_clock() -> Iterator[Callable[[datetime], None]]:
    """Yields a function that sets the clock; it runs on from there. At the end it is as it was."""
    before = settings.EARLYBIRD_CLOCK_FILE
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clock")

        def to(moment: datetime) -> None:
            # Renamed over the old one: a reader never sees half a number.
            written = file.with_suffix(".new")
            written.write_text(str((moment - timezone.now()).total_seconds()))
            os.replace(written, file)

        settings.EARLYBIRD_CLOCK_FILE = str(file)
        try:
            yield to
        finally:
            settings.EARLYBIRD_CLOCK_FILE = before

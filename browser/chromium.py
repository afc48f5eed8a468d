"""Debian's Chromium, driven by Playwright."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--no-sandbox",  # root, and containers, have no user namespaces for it; it opens nothing but our own pages
)  # fmt: skip
MISSING = (
    "There is no Chromium here: `apt-get install chromium fonts-noto-core fonts-noto-color-emoji`,"
    " or name one with CHROMIUM=/path/to/chromium."
)


class NoChromium(Exception):
    """No browser; says in one sentence what to do."""


def found() -> str:
    """The path of Chromium: $CHROMIUM, or the one of the system. Raises NoChromium."""
    named = os.environ.get("CHROMIUM") or "chromium"
    path = shutil.which(named)
    if path is None:
        raise NoChromium(MISSING if named == "chromium" else f"CHROMIUM={named} is no program. {MISSING}")
    return path


@contextmanager
def started() -> Iterator[Browser]:
    """A browser of one's own, without a window. Raises NoChromium."""
    path = found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def main() -> int:
    """Say whether there is a browser: `make browser` asks before it starts a shop."""
    try:
        print(f"Chromium: {found()}")
    except NoChromium as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make screenshots`: a picture of every page, at both widths, in both themes, with what is wrong said at the end."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from browser import chromium, looking, pictures
from browser.pages import PAGES, Page
from browser.shop import Shop, opened
from earlybird.stack import BASE_DIR, StackError

FOLDER = BASE_DIR / "screenshots"
CUSTOMERS = 40


def main() -> int:
    """Returns the exit code: 1 where a page is broken, empty, or wider than the screen."""
    asked = ArgumentParser(prog="make screenshots", description=__doc__)
    asked.add_argument("names", nargs="*", help="only pages with one of these words in their name")
    asked.add_argument("--guide", action="store_true", help="only the pictures of docs/staff.md")
    wanted = asked.parse_args()
    try:
        with chromium.started() as browser:
            print("Opening a shop of its own, with its past …", flush=True)
            with opened(CUSTOMERS) as shop:
                return pictures.take(browser, shop) if wanted.guide else _all(browser, shop, wanted.names)
    except (chromium.NoChromium, StackError) as trouble:
        print(trouble, file=sys.stderr)
        return 1


def _all(browser: Browser, shop: Shop, words: Sequence[str]) -> int:
    chosen = [page for page in PAGES if not words or any(word in page.name for word in words)]
    faults = [
        fault
        for width, theme in product(looking.WIDTHS, looking.THEMES)
        for fault in _taken(browser, shop, chosen, width, theme)
    ]
    print(f"{4 * len(chosen)} pictures of {len(chosen)} pages are in {FOLDER.relative_to(BASE_DIR)}/.")
    print("\n".join(faults or ["Nothing is wrong with them."]), file=sys.stderr if faults else sys.stdout)
    return min(len(faults), 1)


def _taken(browser: Browser, shop: Shop, chosen: Sequence[Page], width: int, theme: str) -> list[str]:
    """Take the pictures of one width and theme; returns what is wrong."""
    print(f"{width} px, {theme} …", flush=True)
    with (
        looking.window(browser, shop.url, width, theme) as door,
        looking.window(browser, shop.url, width, theme) as desk,
    ):
        desk.sign_in()
        return [
            f"{page.name} ({width} px, {theme}) {fault}"
            for page in chosen
            for fault in _picture(desk if page.signed_in else door, shop, page, f"{width}-{theme}")
        ]


def _picture(visitor: looking.Visitor, shop: Shop, page: Page, how: str) -> list[str]:
    try:
        faults = visitor.faults_of(page, shop.address(page))
    except LookupError as nothing:
        return [str(nothing)]
    visitor.picture(_path(page, how))
    return faults


def _path(page: Page, how: str) -> Path:
    return FOLDER / f"{page.name.replace(' ', '-')}-{how}.png"


if __name__ == "__main__":
    sys.exit(main())

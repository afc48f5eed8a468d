"""The pictures of the guide for staff, docs/staff.md: made of the demo shop, small enough to be kept."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from browser.looking import WIDTHS, Visitor, window
from browser.pages import PAGES
from browser.shop import Shop
from earlybird.stack import BASE_DIR

FOLDER = BASE_DIR / "docs" / "pictures"
LARGEST = 150_000  # bytes
COLOURS = 256  # the most that a PNG with a palette has


@dataclass(frozen=True)
class Picture:
    """`page` is a name of the table; `first` is done to it before the picture is taken."""

    name: str
    page: str
    first: Callable[[Tab], object] = lambda tab: None
    width: int = WIDTHS[0]


PICTURES = (
    Picture("sign-in", "sign in"),
    Picture("today", "today"),
    Picture("today-phone", "today", width=WIDTHS[1]),
    Picture("customer", "person not reached"),
    Picture("attention", "attention"),
    Picture("act", "act asked"),
    Picture("message-log", "messages list"),
    Picture("message", "message failed"),
    Picture("texts", "texts list"),
    Picture("text", "text"),
    Picture("announcement", "announcement"),
    Picture("channel", "channel"),
    Picture("route-sheet", "route sheet"),
    Picture("account", "account"),
    Picture("preference", "preference"),
)


def take(browser: Browser, shop: Shop) -> int:
    """Take them all; returns the exit code: 1 where one could not be made small enough."""
    heavy = [one.name for one in PICTURES if _take(browser, shop, one) > LARGEST]
    print(f"{len(PICTURES)} pictures are in {FOLDER.relative_to(BASE_DIR)}/.")
    if heavy:
        print(f"Larger than {LARGEST // 1000} kB: {', '.join(heavy)}.")
    return min(len(heavy), 1)


def _take(browser: Browser, shop: Shop, picture: Picture) -> int:
    """Returns its size in bytes."""
    [page] = [page for page in PAGES if page.name == picture.page]
    with window(browser, shop.url, picture.width) as visitor:
        if page.signed_in:
            visitor.sign_in()
        visitor.tab.goto(shop.address(page))
        picture.first(visitor.tab)
        taken = _shot(visitor)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{picture.name}.png"
    path.write_bytes(_small(taken))
    return path.stat().st_size


def _shot(visitor: Visitor) -> bytes:
    """What the screen shows, not the whole page: a guide is read beside the screen."""
    return visitor.tab.screenshot(animations="disabled")


def _small(png: bytes) -> bytes:
    """With its most frequent colours: those of a page are flat, and the few red dots are as true as the many whites."""
    whole, kept = Image.open(BytesIO(png)).convert("RGB"), BytesIO()
    frequent = sorted(whole.getcolors(whole.width * whole.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in frequent for part in colour])
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()

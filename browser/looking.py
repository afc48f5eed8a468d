"""One look at one page: what is wrong with it that a program can see."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Response, TimeoutError

from browser.pages import Page

WIDTHS = (1440, 390)  # a desk's screen, a phone
THEMES = ("light", "dark")
HEIGHT = 900
SETTLES = 2_000  # milliseconds that a page has to find its width
_WRONG = ("serious", "critical")
# The tenth row of a list is like the first: to look at a hundred takes a hundred times as long.
_ALIKE = ["#result_list tbody:nth-of-type(n+6)", "#content-main tbody tr:nth-of-type(n+9)"]
_COLOURS = ["color-contrast", "link-in-text-block"]  # all that a theme changes
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """A browser window at one shop, which keeps what its pages complain about."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url, self.complaints = url, list[str]()
        self.tab = context.new_page()
        self.tab.set_default_timeout(15_000)
        self.tab.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        self.tab.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))

    def sign_in(self, name: str = "chitra", password: str = "earlybird") -> "Visitor":  # noqa: S107  (the demo's)
        self.tab.goto(f"{self.url}/admin/login/?next=/admin/")
        self.tab.get_by_label("Username").fill(name)
        self.tab.get_by_label("Password").fill(password)
        self.tab.get_by_role("button", name="Log in").click()
        self.tab.wait_for_url(f"{self.url}/admin/")
        return self

    def faults_of(self, page: Page, address: str) -> list[str]:
        """Open a page; returns sentences: what it answers, complains of, lacks, and whether it is too wide."""
        self.complaints.clear()
        answer = self.tab.goto(address, wait_until="load")
        return [*self._answer(answer), *self.complaints, *self._empty(page), *self._too_wide()]

    def _answer(self, answer: Response | None) -> Iterator[str]:
        if answer is None or answer.status >= 400:
            yield f"answers {answer and answer.status}"

    def _empty(self, page: Page) -> Iterator[str]:
        if page.shows and not self.tab.locator(page.shows).count():
            yield f"shows nothing: no `{page.shows}`"

    def _too_wide(self) -> Iterator[str]:
        try:  # a chart follows its column a moment later
            self.tab.wait_for_function(f"{_OVERFLOW} <= 0", timeout=SETTLES)
        except TimeoutError:
            yield f"is {self.tab.evaluate(_OVERFLOW)} px wider than the screen"

    def barriers(self) -> set[str]:
        """What keeps people out of the page that is open, in both themes and at both widths."""
        self.tab.evaluate(AXE_FILE_PATH.read_text())
        found = set()
        for theme in THEMES:
            self.tab.evaluate(
                "dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark"
            )
            for width in WIDTHS:
                self.tab.set_viewport_size({"width": width, "height": HEIGHT})
                faults = (*self._too_wide(), *self._barriers(theme))
                found |= {f"{fault} ({width} px, {theme})" for fault in faults}
        return found

    def _barriers(self, theme: str) -> Iterator[str]:
        asked: dict[str, Any] = {"resultTypes": ["violations"]}
        if theme != THEMES[0]:
            asked["runOnly"] = _COLOURS
        found = self.tab.evaluate("asked => axe.run({exclude: asked.alike}, asked.options)",
                                  {"alike": _ALIKE, "options": asked})  # fmt: skip
        for one in found["violations"]:
            if one["impact"] in _WRONG:
                yield from (f"{one['id']}: {_at(node)}" for node in one["nodes"])

    def picture(self, path: Path) -> None:
        """The whole page that is open."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.tab.screenshot(path=path, full_page=True, animations="disabled")


def _at(node: dict[str, Any]) -> str:
    return f"{' '.join(node['html'].split())[:160]} — {node['failureSummary'].splitlines()[-1].strip()}"


@contextmanager
def window(browser: Browser, url: str, width: int = WIDTHS[0], theme: str = THEMES[0]) -> Iterator[Visitor]:
    """A window of one's own: nobody is signed in."""
    scheme: Any = theme
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="en-IN"
    )
    try:
        yield Visitor(context, url)
    finally:
        context.close()

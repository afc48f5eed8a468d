"""The pages: all customers with the controls, and one customer's phone."""

import heapq
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template

from .allowed import RECEIPT_MODES
from .bubbles import conversation_html, customers_html, figures_html
from .ledger import Conversation, Ledger
from .options import Options
from .plays import FAILS_LATER, MAGIC_NUMBERS, PLAYS
from .replies import phone_in
from .settings import Settings
from .wire import Answer, Request, error_answer, packed

_ASSETS = Path(__file__).with_name("assets")
_TYPES = {"style.css": "text/css", "index.js": "text/javascript", "phone.js": "text/javascript"}
_GUARD = {
    # Should an escape ever be forgotten, a text of a message still runs nothing.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
CUSTOMERS_SHOWN = 200
BUBBLES_SHOWN = 300


def _html(text: str) -> Answer:
    return Answer(packed(200, text.encode("utf-8", "replace"), "text/html; charset=utf-8", _GUARD))


def _fill(name: str, **values: str) -> Answer:
    return _html(Template((_ASSETS / name).read_text("utf-8")).substitute(values))


class Pages:
    def __init__(
        self, options: Options, settings: Settings, ledger: Ledger, counts: Callable[[], dict[str, int]]
    ) -> None:
        self.options, self.settings, self.ledger, self.counts = options, settings, ledger, counts

    def find(self, request: Request) -> Answer:
        path = request.path
        if path == "/":
            return self._index(request)
        if path.startswith("/phone/"):
            return self._phone(request, phone_in(path.removeprefix("/phone/")))
        name = path.removeprefix("/sandbox/assets/")
        if name in _TYPES:
            return Answer(
                packed(200, (_ASSETS / name).read_bytes(), f"{_TYPES[name]}; charset=utf-8", _GUARD)
            )
        return error_answer(404, "Not found")

    def _index(self, request: Request) -> Answer:
        customers = customers_html(self._latest(), len(self.ledger.conversations))
        part = figures_html(self.ledger, self.counts()) + customers
        if "part" in request.query:
            return _html(part)
        settings = self.settings
        return _fill(
            "index.html",
            business=escape(self.options.business_name),
            part=part,
            modes=_choices(PLAYS, settings.mode),
            receipts=_choices(RECEIPT_MODES, settings.receipts),
            latency=f"{settings.latency_ms:g}",
            jitter=f"{settings.jitter_ms:g}",
            webhooks="checked" if settings.webhooks else "",
            magic="checked" if settings.magic else "",
            numbers=_magic_rows(),
        )

    def _latest(self) -> list[Conversation]:
        alive = (one for one in self.ledger.conversations.values() if one.bubbles)
        return heapq.nlargest(CUSTOMERS_SHOWN, alive, key=lambda one: one.bubbles[-1].at)

    def _phone(self, request: Request, phone: str) -> Answer:
        known = self.ledger.conversations.get(phone)
        part = conversation_html(known.bubbles[-BUBBLES_SHOWN:] if known else [], self.options.business_name)
        if "part" in request.query:
            return _html(part)
        name = self.options.business_name
        return _fill(
            "phone.html", phone=escape(phone), business=escape(name), initial=escape(name[:1]), part=part
        )


def _choices(names: object, chosen: str) -> str:
    assert isinstance(names, dict | tuple)
    return "".join(
        f"<option{' selected' if name == chosen else ''}>{escape(name)}</option>" for name in names
    )


def _magic_rows() -> str:
    rows = dict(MAGIC_NUMBERS)
    rows |= {ending: f"accepted, then fails with {code}" for ending, code in FAILS_LATER.items()}
    return "".join(
        f"<tr><td>…{ending}</td><td>{escape(what)}</td></tr>" for ending, what in sorted(rows.items())
    )

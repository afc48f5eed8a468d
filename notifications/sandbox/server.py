"""The server: who listens where, and which address leads to what."""

import asyncio
import functools
import json
import socket
from collections.abc import Callable

from . import control_templates
from .connection import Connection
from .control import Control
from .control_storm import StormControl
from .control_templates import TemplateControl
from .ledger import Ledger
from .options import Options
from .pages import Pages
from .postman import Postman
from .provider import Provider
from .receipts import Receipts
from .settings import Settings
from .starting_templates import STARTING
from .templates import Templates
from .wire import Answer, Request, error_answer

Route = Callable[[Request], Answer]
Routes = dict[tuple[bytes, bytes], Route]
BACKLOG = 2048
_ONE_TEMPLATE = control_templates.PATH.encode() + b"/"


class Server:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.settings = settings_from(options)
        self.ledger = Ledger(options.journal)
        self.templates = templates_from(options)
        self.postman = Postman(options, self.settings)
        self.receipts = Receipts(options, self.settings, self.ledger, self.postman.post)
        self.provider = Provider(options, self.settings, self.ledger, self.templates, self.receipts.plan)
        self.control = Control(self.settings, self.ledger, self.receipts, self.postman.counts)
        self.storms = StormControl(self.settings, self.ledger, self.receipts)
        self.template_control = TemplateControl(self.templates)
        self.pages = Pages(options, self.settings, self.ledger, self.postman.counts)
        self.control.mode_changed = self._follow_mode
        self.control.can_refuse = lambda: options.control_port >= 0
        self.callers: set[Connection] = set()
        self.door: socket.socket | None = None
        self.listener: asyncio.Server | None = None  # behind the door, a moment later
        self.port = options.port
        self.control_port = -1
        self.tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        if self.options.control_port >= 0:
            inside = await self._listen(self.options.control_port, self._control_routes(), set())
            self.control_port = _port_of(inside)
        self._follow_mode()

    @property
    def url(self) -> str:
        return f"http://{self.options.host}:{self.port}"

    @property
    def control_url(self) -> str:
        return f"http://{self.options.host}:{self.control_port}" if self.control_port >= 0 else self.url

    def _follow_mode(self) -> None:
        """Listen, or stop listening, as the mode says: done when who asked for the mode hears of it."""
        if self.settings.mode == "refuse":
            self._close()
        elif self.door is None:
            self._open()

    def _open(self) -> None:
        family = socket.AF_INET6 if ":" in self.options.host else socket.AF_INET
        self.door = socket.create_server((self.options.host, self.port), family=family, backlog=BACKLOG)
        self.port = self.door.getsockname()[1]
        task = asyncio.get_running_loop().create_task(self._serve(self.door))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _serve(self, door: socket.socket) -> None:
        if door is not self.door:
            return
        respond = functools.partial(self._respond, self._all_routes())
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(
            lambda: Connection(respond, self.callers), sock=door, backlog=BACKLOG
        )
        if door is self.door:
            self.listener = listener
        else:
            listener.close()

    def _close(self) -> None:
        if self.listener:
            self.listener.close()
        elif self.door:
            self.door.close()
        self.listener = self.door = None
        for caller in list(self.callers):
            caller.retire()

    async def _listen(self, port: int, routes: Routes, family: set[Connection]) -> asyncio.Server:
        respond = functools.partial(self._respond, routes)
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: Connection(respond, family), self.options.host, port, backlog=BACKLOG
        )

    def _respond(self, routes: Routes, request: Request) -> Answer:
        route = routes.get(request.address)
        if route:
            return route(request)
        if request.method == b"PUT" and request.target.startswith(_ONE_TEMPLATE):
            return self.template_control.change(request)
        if request.method == b"GET":
            return self.pages.find(request)
        return error_answer(404, "Not found")

    def _control_routes(self) -> Routes:
        control, templates = self.control, self.template_control
        return {
            (b"GET", b"/sandbox/templates"): templates.show,
            (b"PUT", b"/sandbox/templates"): templates.replace,
            (b"DELETE", b"/sandbox/templates"): templates.restore,
            (b"POST", b"/sandbox/storm"): self.storms.begin,
            (b"GET", b"/sandbox/storm"): self.storms.show,
            (b"GET", b"/sandbox/messages"): control.messages,
            (b"DELETE", b"/sandbox/messages"): control.forget,
            (b"GET", b"/sandbox/summary"): control.summary,
            (b"GET", b"/sandbox/settings"): control.show_settings,
            (b"PUT", b"/sandbox/settings"): control.change_settings,
            (b"DELETE", b"/sandbox/settings"): control.reset_settings,
            (b"POST", b"/sandbox/reply"): control.reply,
        }

    def _all_routes(self) -> Routes:
        return {
            (b"POST", b"/whatsapp/send-message"): self.provider.send_message,
            (b"POST", b"/chat/messages"): self.provider.chat_message,
            (b"GET", b"/chat/phonenumbers"): self.provider.phone_numbers,
            (b"GET", b"/chat/templates"): self.provider.list_templates,
            **self._control_routes(),
        }


def settings_from(options: Options) -> Settings:
    """Raises ValueError naming the setting that is wrong."""
    settings = Settings()
    if options.begin:
        settings.change(json.loads(options.begin))
    if options.refuse:
        rule = {"match": {"text_contains": options.refuse}, "play": "400"}
        settings.change({"fail": [*settings.as_dict()["fail"], rule]})
    if settings.mode == "refuse" and options.control_port < 0:
        raise ValueError("mode: refuse needs --control-port")
    return settings


def templates_from(options: Options) -> Templates:
    """Raises ValueError naming the template that is wrong."""
    if not options.templates:
        return Templates(STARTING)
    with open(options.templates, encoding="utf-8") as file:
        return Templates(json.load(file))


def _port_of(listener: asyncio.Server) -> int:
    return listener.sockets[0].getsockname()[1]

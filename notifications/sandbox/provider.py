"""The two APIs: check, choose what to play, keep the truth, answer."""

from collections.abc import Callable, Iterator
from typing import Any

from . import meta
from .chat_checks import check_credentials, read_message
from .checks import Refused, read_send_message
from .ledger import Asked, Bubble, Ledger, new_id
from .listing import listed
from .options import Options
from .plays import PLAYS, Play, accepted, in_drops, padded, said
from .rules import Rule
from .settings import OK, Settings
from .templates import Templates
from .wire import Answer, Request, json_bytes

SAME_ID = "00000000-0000-4000-a000-000000000000"
Read = Callable[[Request], Asked]


class Provider:
    def __init__(
        self,
        options: Options,
        settings: Settings,
        ledger: Ledger,
        templates: Templates,
        announce: Callable[[Bubble], float],
    ) -> None:
        """`announce` is told of every message that was accepted; it returns seconds for the answer to wait."""
        self.options, self.settings, self.ledger, self.templates = options, settings, ledger, templates
        self.announce = announce

    def send_message(self, request: Request) -> Answer:
        return self._send(request, "send-message", self._read_send_message)

    def chat_message(self, request: Request) -> Answer:
        return self._send(request, "chat", self._read_chat_message)

    def _read_send_message(self, request: Request) -> Asked:
        return read_send_message(request, self.options)

    def _read_chat_message(self, request: Request) -> Asked:
        asked = read_message(request, self.options, self.templates)
        if self.settings.window == "answer" and self._too_late(asked):
            raise Refused(str(meta.WINDOW_CLOSED), meta.refusal(meta.WINDOW_CLOSED))
        return asked

    def _too_late(self, asked: Asked) -> bool:
        """Whether this is session text, and the customer has not written for 24 hours."""
        is_session = asked.data is not None and asked.data["type"] == "text"
        return is_session and not self.ledger.window_open(asked.phone)

    def phone_numbers(self, request: Request) -> Answer:
        """`GET /chat/phonenumbers`: sends nothing, proves the credentials."""
        return self._show(request, "phonenumbers", self._numbers)

    def list_templates(self, request: Request) -> Answer:
        """`GET /chat/templates?waba_id=&waba_template_status=&category=&limit=&offset=`"""
        return self._show(request, "templates", lambda: listed(request, self.options, self.templates))

    def _show(self, request: Request, api: str, document: Callable[[], dict[str, Any]]) -> Answer:
        self.ledger.begin(api)
        try:
            check_credentials(request, self.options)
            data = json_bytes(200, document())
        except Refused as refused:
            return self._refuse(refused)
        rule = self.settings.of_mode()
        if PLAYS[rule.play].records:  # nothing to accept here: those modes have nothing to play
            return self._answer(data)
        self.ledger.reject(rule.play)
        return self._play(PLAYS[rule.play], rule, b"")

    def _numbers(self) -> dict[str, Any]:
        number = {
            "phone_number_id": self.options.phone_number_id,
            "verified_name": self.options.business_name,
            "status": "CONNECTED",
            "quality_rating": "GREEN",
        }
        return {"status": "success", "data": {"count": 1, "results": [number]}}

    def _send(self, request: Request, api: str, read: Read) -> Answer:
        self.ledger.begin(api)
        try:
            asked = read(request)
        except Refused as refused:
            return self._refuse(refused)
        rule = self.settings.choose(asked)
        if rule is OK:
            return self._accept(asked, rule, PLAYS["ok"])
        play = PLAYS[rule.play]
        if play.records if rule.record is None else rule.record:
            return self._accept(asked, rule, play)
        self.ledger.reject(f"meta {rule.code}" if play.name == "meta" else play.name)
        return self._play(play, rule, accepted(new_id(), _id_for(play)))

    def _accept(self, asked: Asked, rule: Rule, play: Play) -> Answer:
        message_id = _id_for(play)
        bubble = self.ledger.accept(asked, message_id, self._failure(asked, rule))
        wait = self.announce(bubble)
        data = accepted(bubble.conversation.id, message_id)
        answer = self._answer(data) if rule is OK else self._play(play, rule, data)
        answer.delay = max(answer.delay, wait)
        return answer

    def _failure(self, asked: Asked, rule: Rule) -> int | None:
        """Meta's code with which it fails after it was accepted, if it does."""
        code = self.settings.fails_later(asked, rule)
        if code is None and self.settings.window == "receipt" and self._too_late(asked):
            return meta.WINDOW_CLOSED
        return code

    def _refuse(self, refused: Refused) -> Answer:
        self.ledger.reject(refused.code)
        return self._answer(refused.data)

    def _play(self, play: Play, rule: Rule, acceptance: bytes) -> Answer:
        data = acceptance if play.body is None else said(play, rule.retry_after, rule.code)
        answer = self._answer(data)
        answer.hang, answer.reset = play.way == "hang", play.way == "reset"
        answer.chunks = self._chunks(play, data)
        answer.gap = self.settings.drip_seconds if play.way.startswith("drip") else 0.0
        return answer

    def _chunks(self, play: Play, data: bytes) -> Iterator[bytes] | None:
        if play.way == "huge":
            return padded(data)
        return in_drops(play, data) if play.way.startswith("drip") else None

    def _answer(self, data: bytes) -> Answer:
        return Answer(data, self.settings.delay(), finished=self.ledger.end)


def _id_for(play: Play) -> str:
    return SAME_ID if play.name == "same_id" else new_id()

"""The two APIs: check, choose what to play, keep the truth, answer."""

from collections.abc import Callable, Iterator

from .checks import Refused, check_chat_credentials, read_chat_message, read_send_message
from .ledger import Asked, Bubble, Ledger, new_id
from .options import Options
from .plays import PLAYS, Play, accepted, in_drops, padded, said
from .rules import Rule
from .settings import OK, Settings
from .wire import Answer, Request, json_bytes

SAME_ID = "00000000-0000-4000-a000-000000000000"
Read = Callable[[Request, Options], Asked]


class Provider:
    def __init__(
        self, options: Options, settings: Settings, ledger: Ledger, announce: Callable[[Bubble], None]
    ) -> None:
        """`announce` is told of every message that was accepted."""
        self.options, self.settings, self.ledger, self.announce = options, settings, ledger, announce

    def send_message(self, request: Request) -> Answer:
        return self._send(request, "send-message", read_send_message)

    def chat_message(self, request: Request) -> Answer:
        return self._send(request, "chat", read_chat_message)

    def phone_numbers(self, request: Request) -> Answer:
        """`GET /chat/phonenumbers`: sends nothing, proves the credentials."""
        self.ledger.begin("phonenumbers")
        try:
            check_chat_credentials(request, self.options)
        except Refused as refused:
            return self._refuse(refused)
        rule = self.settings.of_mode()
        if PLAYS[rule.play].records:  # nothing to accept here: those modes have nothing to play
            return self._answer(json_bytes(200, self._numbers()))
        self.ledger.reject(rule.play)
        return self._play(PLAYS[rule.play], rule, b"")

    def _numbers(self) -> dict[str, object]:
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
            asked = read(request, self.options)
        except Refused as refused:
            return self._refuse(refused)
        rule = self.settings.choose(asked)
        if rule is OK:
            return self._answer(self._accept(asked, new_id()))
        play = PLAYS[rule.play]
        records = play.records if rule.record is None else rule.record
        message_id = SAME_ID if play.name == "same_id" else new_id()
        if records:
            return self._play(play, rule, self._accept(asked, message_id))
        self.ledger.reject(play.name)
        return self._play(play, rule, accepted(new_id(), message_id))

    def _accept(self, asked: Asked, message_id: str) -> bytes:
        bubble = self.ledger.accept(asked, message_id)
        self.announce(bubble)
        return accepted(bubble.conversation.id, message_id)

    def _refuse(self, refused: Refused) -> Answer:
        self.ledger.reject(refused.code)
        return self._answer(refused.data)

    def _play(self, play: Play, rule: Rule, acceptance: bytes) -> Answer:
        data = acceptance if play.body is None else said(play, rule.retry_after)
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

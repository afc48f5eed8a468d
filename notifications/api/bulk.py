"""`send-bulk`: many messages in one request, each with its own result."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import outbox
from notifications.api import drafting, examples, trail
from notifications.api.access import MaySend
from notifications.api.drafting import Errors
from notifications.api.messages import LASTS, AskedSerializer, MessageSerializer, said
from notifications.clock import now as clock_now
from notifications.models import Message, Status
from notifications.outbox.compose import Draft, Item, Writer
from rest.errors import FieldError
from rest.idempotency import PARAMETER, Key

logger = logging.getLogger(__name__)

MOST = 1000
_BY_STATUS = {Status.QUEUED: "queued", Status.SUPPRESSED: "suppressed"}


class BulkSerializer(serializers.Serializer):
    """Messages to be queued."""

    messages = serializers.ListField(child=AskedSerializer(), min_length=1, max_length=MOST)


class ItemResult(serializers.Serializer):
    """What came of one message: it, as it is in the log, or what is wrong with what was asked."""

    index = serializers.IntegerField(min_value=0, max_value=MOST - 1, help_text="Its place in the request.")
    message = MessageSerializer(allow_null=True)
    errors = FieldError(many=True)  # type: ignore[assignment]  # a field, not the serializer's own errors


class BulkResult(serializers.Serializer):
    """How many came out how when the request was made first, and each message as it is now, in order."""

    queued = serializers.IntegerField(min_value=0, max_value=MOST)
    suppressed = serializers.IntegerField(
        min_value=0, max_value=MOST, help_text="The customer wants none, or the text is off."
    )
    failed = serializers.IntegerField(
        min_value=0, max_value=MOST, help_text="Recorded, and cannot be sent: the text is missing or broken."
    )
    refused = serializers.IntegerField(
        min_value=0, max_value=MOST, help_text="Not recorded: put right what `errors` says, and ask again."
    )
    results = ItemResult(many=True)


class _Anything(serializers.Field):
    """Looked at later, each by itself."""

    def to_internal_value(self, data: object) -> object:
        return data


class _Outside(serializers.Serializer):
    """The request but for what its messages hold."""

    messages = serializers.ListField(
        child=_Anything(allow_null=True),
        min_length=1,
        max_length=MOST,
        error_messages={
            "min_length": "Give at least one message.",
            "max_length": f"Give at most {MOST:,} messages in one request.",
        },
    )


class SendBulk(APIView):
    """Staff's door to the outbox, for many at once."""

    permission_classes = (MaySend,)

    @extend_schema(
        operation_id="send_bulk",
        summary="Queue up to 1,000 messages",
        request=BulkSerializer,
        parameters=[PARAMETER],
        responses={
            200: OpenApiResponse(BulkResult, "What came of each.", examples=examples.BULK_DONE),
        },
        examples=examples.BULK,
    )
    def post(self, request: Request) -> Response:
        """All are queued, none is sent within the request. What is wrong with one does not hold the others.

        With an `Idempotency-Key` the same request again queues nothing, and answers the same messages as they are
        then, and the same errors.
        """
        outside = _Outside(data=request.data)
        outside.is_valid(raise_exception=True)
        bulk = _Bulk(outside.validated_data["messages"], request.user.get_username())
        made = Key(request).once(bulk.record)
        return Response(made["counts"] | {"results": _results(made["items"], bulk.messages)})


def _results(items: Sequence[int | Errors], fresh: Mapping[int, Message]) -> list[dict[str, Any]]:
    """`items` has an id, or errors, for each; `fresh` are the messages where this request made them."""
    ids = [item for item in items if isinstance(item, int)]
    found = fresh or Message.objects.defer("variables").in_bulk(ids)
    rows = dict(zip(found, said(found.values()), strict=True))
    return [_result(index, item, rows) for index, item in enumerate(items)]


def _result(index: int, item: int | Errors, rows: Mapping[int, Any]) -> dict[str, Any]:
    if not isinstance(item, int):
        return {"index": index, "message": None, "errors": item}
    # No row where the log has forgotten it.
    return {"index": index, "message": rows.get(item), "errors": []}


@dataclass
class _Bulk:
    """One request: what it asks, and after `record` its messages by id."""

    items: Sequence[object]
    by: str
    messages: dict[int, Message] = field(default_factory=dict)
    _asked: dict[int, dict[str, Any]] = field(default_factory=dict)
    _drafts: dict[int, Draft] = field(default_factory=dict)
    _errors: dict[int, Errors] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Queue the good ones. Returns how many came out how, and for each its id or what is wrong with it."""
        self._read()
        self._draft()
        places = sorted(self._drafts)
        queued = outbox.queue_drafts([self._drafts[place] for place in places])
        self.messages = {message.pk: message for message in queued}
        trail.asked(self.messages, self.by)
        ids = {place: message.pk for place, message in zip(places, queued, strict=True)}
        self._log()
        return {
            "counts": self._counts(),
            "items": [ids.get(place) or self._errors[place] for place in range(len(self.items))],
        }

    def _read(self) -> None:
        form = AskedSerializer()
        for place, item in enumerate(self.items):
            try:
                self._asked[place] = form.run_validation(item)
            except serializers.ValidationError as error:
                self._errors[place] = drafting.errors_of(error)

    def _draft(self) -> None:
        """Kind by kind: one look at texts and wishes for each."""
        now, of_kind = clock_now(), dict[str, list[int]]()
        for place, asked in self._asked.items():
            of_kind.setdefault(asked["message_type"], []).append(place)
        for kind, places in of_kind.items():
            writer = Writer(kind, [_item(self._asked[place], now + LASTS) for place in places], now)
            for place, draft in zip(places, writer.drafts(), strict=True):
                fault = drafting.fault_of(writer, draft)
                if fault is None:
                    self._drafts[place] = draft
                else:
                    self._errors[place] = drafting.errors_of(fault)

    def _counts(self) -> dict[str, int]:
        came = Counter(_BY_STATUS.get(draft.status, "failed") for draft in self._drafts.values())
        return {name: came[name] for name in ("queued", "suppressed", "failed")} | {
            "refused": len(self._errors)
        }

    def _log(self) -> None:
        if self._errors:
            codes = Counter(str(error["code"]) for errors in self._errors.values() for error in errors)
            logger.warning("send-bulk refused %d of %d: %s", len(self._errors), len(self.items), dict(codes))


def _item(asked: Mapping[str, Any], until: Any) -> Item:
    return Item(
        asked["phone"],
        asked["context"],
        reference=asked["reference_id"],
        expires_at=asked["expires_at"] or until,
        language=asked["language"],
    )

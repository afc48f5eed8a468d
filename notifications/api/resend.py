"""`resend`: a message that ended unsent, once more."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice import audit
from notifications import staff
from notifications.api import examples
from notifications.api.access import MayMove
from notifications.api.messages import MessageSerializer, said
from notifications.models import Message
from rest.errors import STATE, Conflict, Errors
from rest.idempotency import PARAMETER, Key

_ID = re.compile(r"(?:msg_)?([0-9]{1,18})", re.ASCII)
_PATH = OpenApiParameter(
    "message_id",
    {"type": "string", "pattern": "^(msg_)?[0-9]{1,18}$"},
    OpenApiParameter.PATH,
    description="`msg_42`, or its number.",
)


class Resend(APIView):
    """Staff send again."""

    permission_classes = (MayMove,)

    @extend_schema(
        operation_id="resend",
        summary="Send a message again",
        request=None,
        parameters=[_PATH, PARAMETER],
        responses={
            200: OpenApiResponse(
                MessageSerializer, "It is queued.", examples=[OpenApiExample("Queued", examples.AGAIN)]
            ),
            409: OpenApiResponse(
                Errors,
                "It was sent, is on its way, or would be refused again.",
                examples=examples.NOT_AGAIN,
            ),
        },
    )
    def post(self, request: Request, message_id: str) -> Response:
        """Queue a message again that failed, expired, was cancelled or suppressed, its tries begun anew.

        Its words stay as they are; one that never got any is written now. It passes the house's hours, never a
        customer's wish. The message's history says who did it.
        """
        pk = _pk(message_id)
        Key(request).once(lambda: _again(pk, request.user))
        return Response(said([get_object_or_404(Message, pk=pk)])[0])


def _pk(text: str) -> int:
    found = _ID.fullmatch(text)
    if found is None:
        raise Http404
    return int(found[1])


def _again(pk: int, user: Any) -> int:
    with transaction.atomic():
        done = staff.resend([pk], user.get_username())
        audit.note_many(user, Message, "Queued again, by API.", done.ids)
    if pk in done.refused:
        raise Conflict(f"It cannot be sent again. {done.refused[pk]}", STATE)
    if pk not in done.ids:
        raise Http404
    return pk

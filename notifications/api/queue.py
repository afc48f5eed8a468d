"""`process-queue`: send what is due, now."""

from __future__ import annotations

from collections import Counter

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.api import examples
from notifications.api.access import MayMove
from notifications.clock import now as clock_now
from notifications.engine import on_request
from notifications.models import Status
from notifications.models.lease import count_due

MOST_COUNTED = 1000
_SENT = (Status.SENT, Status.DELIVERED, Status.READ)
_AGAIN = (Status.RETRYING, Status.UNCERTAIN, Status.QUEUED)


class QueueResult(serializers.Serializer):
    """What came of this run. Other workers may have sent more meanwhile."""

    processed = serializers.IntegerField(min_value=0, help_text="Messages that were tried, and answered.")
    sent = serializers.IntegerField(min_value=0, help_text="MyOperator took them.")
    retrying = serializers.IntegerField(min_value=0, help_text="They will be tried again by themselves.")
    failed = serializers.IntegerField(min_value=0, help_text="They will not; their `error` says why.")
    under_way = serializers.IntegerField(
        min_value=0,
        help_text="Asked for and not answered yet when the time was up; they are recorded when they are.",
    )
    remaining = serializers.IntegerField(
        min_value=0,
        max_value=MOST_COUNTED,
        help_text=f"Due, and not sent: the time was up, or the channel is closed. Counted up to {MOST_COUNTED}.",
    )


class ProcessQueue(APIView):
    """Staff run the queue."""

    permission_classes = (MayMove,)

    @extend_schema(
        operation_id="process_queue",
        summary="Run the queue now",
        request=None,
        responses={
            200: OpenApiResponse(
                QueueResult, "What came of it.", examples=[OpenApiExample("All sent", examples.RAN)]
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Send what is due, for at most 10 seconds, at the pace and through the outage state of all workers.

        Workers do this by themselves; this is for the day they do not. While another request runs it, this one has
        processed none, and says what remains.
        """
        ran = on_request.run() or on_request.Ran(Counter(), 0)
        left = count_due(clock_now(), MOST_COUNTED)
        return Response(_counts(ran.became) | {"under_way": ran.under_way, "remaining": left})


def _counts(became: Counter[Status]) -> dict[str, int]:
    return {
        "processed": became.total(),
        "sent": sum(became[status] for status in _SENT),
        "retrying": sum(became[status] for status in _AGAIN),
        "failed": became[Status.FAILED],
    }

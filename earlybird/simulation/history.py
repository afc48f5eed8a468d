"""Some weeks of a shop that looks lived in: most people read what they are told, some do not, a few write back."""

from datetime import date, timedelta

from earlybird.simulation.plan import Plan
from earlybird.simulation.play import Play, event, report
from notifications.models import WebhookEvent
from notifications.providers.base import Accepted, Outgoing
from orders import days

ARRIVES, IS_READ = timedelta(seconds=2), timedelta(minutes=4)
NOT_ON_WHATSAPP, UNDELIVERED, UNREAD = 97, 41, 5  # every so many
BEFORE_THE_FIRST = timedelta(days=7)  # some of a month is delivered before its bills are made
WEEKS = timedelta(weeks=3)


def first_day(today: date) -> date:
    """At least three weeks back, and so far that the last bills are bills of something."""
    return min(today - WEEKS, today.replace(day=1) - BEFORE_THE_FIRST)


def length(today: date) -> int:
    """In days, the last of them yesterday: its evening makes the orders of today."""
    return (days.today() - first_day(today)).days


class History(Play):
    """A play whose messages are delivered and read, by numbers that are the same each time."""

    def __init__(self, plan: Plan, *args, **kwargs) -> None:
        super().__init__(plan, *args, **kwargs)
        self._unanswered: list[tuple[str, str]] = []

    def _accept(self, outgoing: Outgoing) -> Accepted:
        answer = super()._accept(outgoing)
        self._unanswered.append((answer.provider_message_id, outgoing.phone))
        return answer

    def _answer(self) -> None:
        said, self._unanswered = self._unanswered, []
        number = {person.who.phone: person.number for person in self.plan.people}
        report(
            [
                one
                for place, (pk, phone) in enumerate(said, self.accepted)
                for one in _of(pk, phone, number[phone], place)
            ]
        )


def _of(provider_id: str, phone: str, person: int, place: int) -> list[WebhookEvent]:
    """What becomes of one message."""
    if person % NOT_ON_WHATSAPP == NOT_ON_WHATSAPP - 1:
        errors = [{"code": 131026, "title": "Message undeliverable"}]
        return [event("message.failed", phone, provider_id, ARRIVES, errors=errors)]
    if place % UNDELIVERED == 0:
        return []
    delivered = event("message.delivered", phone, provider_id, ARRIVES)
    return (
        [delivered]
        if place % UNREAD == 0
        else [delivered, event("message.read", phone, provider_id, IS_READ)]
    )

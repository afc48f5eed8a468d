"""Who brings what: the deliveries of a day by area and agent, given out and sent off."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from delivery.actions.rows import Status, locked, refuse
from delivery.models import Agent, Delivery

NOBODY = 0


@dataclass(frozen=True)
class Route:
    """The deliveries of a day. `area`: None for all, "" for those without one. `agent`: an id, None for all, or
    NOBODY for those that nobody has yet.
    """

    day: date
    area: str | None = None
    agent: int | None = None

    def deliveries(self) -> QuerySet[Delivery]:
        """All but the cancelled ones."""
        rows = Delivery.objects.filter(date=self.day).exclude(status=Status.CANCELLED)
        if self.area is not None:
            rows = rows.filter(area__iexact=self.area)
        if self.agent is not None:
            rows = rows.filter(agent=self.agent or None)
        return rows

    def ahead(self) -> QuerySet[Delivery]:
        """Those that are still to be brought."""
        return self.deliveries().filter(status__in=Delivery.AHEAD)


@transaction.atomic
def assign(delivery: Delivery, agent: Agent | None) -> Delivery:
    """Give a delivery to an agent; None takes it back. Raises ValidationError where it was brought or cancelled."""
    delivery = locked(delivery)
    if delivery.agent != agent:
        refuse(delivery, Status.DELIVERED, Status.CANCELLED)
        delivery.agent = agent
        delivery.save(update_fields=("agent",))
    return delivery


def assign_unassigned(day: date, area: str, agent: Agent) -> list[int]:
    """Give an agent what nobody has yet in an area. Returns the ids of those deliveries."""
    return _update(Route(day, area, NOBODY).ahead(), agent=agent)


def send_out(rows: QuerySet[Delivery]) -> list[int]:
    """They left: pending ones are out for delivery. The customer is told nothing. Returns their ids."""
    return _update(rows.filter(status=Status.PENDING), status=Status.OUT_FOR_DELIVERY)


@transaction.atomic
def _update(rows: QuerySet[Delivery], **fields: object) -> list[int]:
    """Locked in id order first: an UPDATE takes them as they come, and could wait for who waits for it."""
    ids = [
        delivery.pk for delivery in rows.order_by("pk").select_related(None).select_for_update(of=("self",))
    ]
    Delivery.objects.filter(pk__in=ids).update(**fields)
    return ids

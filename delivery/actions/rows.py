"""The rows that actions lock, and what came of many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from delivery.models import Delivery

Status = Delivery.Status
ABOUT_ITS_COMING = ("delivery_reminder", "delivery_delayed")


class Refused(NamedTuple):
    """A delivery that was left as it is, and the sentence that says why."""

    delivery: Delivery
    why: str


@dataclass
class Outcome:
    """What one step did to many deliveries; `done` holds those that were so before, too."""

    done: list[Delivery] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def locked(delivery: Delivery) -> Delivery:
    return with_customers(Delivery.objects.filter(pk=delivery.pk)).select_for_update(of=("self",)).get()


def all_locked(rows: QuerySet[Delivery]) -> list[Delivery]:
    """In id order, as everybody locks many. By id: rows of a slice, or of two tables, cannot be locked as they are."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    found = with_customers(Delivery.objects.filter(pk__in=ids)).order_by("pk")
    return list(found.select_for_update(of=("self",), no_key=True))


def with_customers(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("order__customer", "agent")


def refuse(delivery: Delivery, *statuses: Status) -> None:
    if delivery.status in statuses:
        raise stands(is_so(delivery))


def is_so(delivery: Delivery) -> str:
    return f"The delivery of order {delivery.order} is {delivery.get_status_display().lower()}."


def stands(why: str) -> ValidationError:
    return ValidationError({"status": ValidationError(why, code="state")})


def references(deliveries: Iterable[Delivery]) -> Iterator[str]:
    return (f"order_{delivery.order_id}" for delivery in deliveries)

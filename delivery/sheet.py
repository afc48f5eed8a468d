"""A day's route sheet: the stops by area and agent, and what to load. As data, for the page and for CSV."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TextIO

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from backoffice.masking import sees_numbers, shown_in
from backoffice.spreadsheet import safe
from delivery.models import Agent, Delivery
from notifications.phones import mask
from orders.models import OrderItem, Product

Status = Delivery.Status
HEADER = (
    "Area", "Agent", "Stop", "Order", "Customer", "Phone", "Address", "Items", "Slot", "Status", "Notes",
)  # fmt: skip
HOUSE = re.compile(r"\s*#?(\d{0,9})[\s,/-]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Stop:
    """One delivery, with its number on its round."""

    number: int
    delivery: Delivery

    @property
    def customer(self):
        return self.delivery.order.customer

    @property
    def items(self) -> list[OrderItem]:
        return list(self.delivery.order.items.all())

    @property
    def phone(self) -> str:
        """As it is dialled in India; others with + and their country. Masked for who may not see it."""
        phone = self.customer.phone
        if not sees_numbers():
            return mask(phone)
        return f"{phone[3:8]} {phone[8:]}" if phone.startswith("+91") else phone

    @property
    def address(self) -> str:
        return shown_in(self.customer.address)

    @property
    def slot(self) -> str:
        return f"{self.delivery.slot_start:%H:%M}–{self.delivery.slot_end:%H:%M}"

    @property
    def is_open(self) -> bool:
        return self.delivery.status in Delivery.AHEAD

    @property
    def standing(self) -> str:
        """What became of it; empty while it is to be brought."""
        if self.is_open:
            return ""
        why = self.delivery.get_reason_display()
        return self.delivery.get_status_display().lower() + (f": {why}" if why else "")

    @property
    def notes(self) -> str:
        eta = timezone.localtime(self.delivery.eta) if self.delivery.eta else None
        expected = f"Expected at {eta:%H:%M}" if eta and self.is_open else ""
        return ". ".join(filter(None, (expected, shown_in(self.delivery.note))))


@dataclass
class Round:
    """What one agent brings in one area; `agent` None: nobody yet."""

    area: str
    agent: Agent | None
    stops: list[Stop]

    @property
    def pending(self) -> int:
        """How many have not left yet."""
        return sum(stop.delivery.status == Status.PENDING for stop in self.stops)

    @property
    def load(self) -> list[tuple[Product, int]]:
        return load_of(self.stops)


@dataclass
class Area:
    name: str
    rounds: list[Round]

    @property
    def unassigned(self) -> int:
        """How many stops are to be brought and nobody has yet."""
        return sum(stop.is_open for each in self.rounds if not each.agent for stop in each.stops)

    @property
    def stops(self) -> int:
        return sum(len(each.stops) for each in self.rounds)


@dataclass
class Sheet:
    areas: list[Area] = field(default_factory=list)

    @property
    def rounds(self) -> list[Round]:
        return [each for area in self.areas for each in area.rounds]

    @property
    def stops(self) -> list[Stop]:
        return [stop for each in self.rounds for stop in each.stops]

    @property
    def load(self) -> list[tuple[Product, int]]:
        return load_of(self.stops)


def sheet_of(rows: QuerySet[Delivery]) -> Sheet:
    """The sheet of these deliveries, in two statements however many they are.

    Stops are in the order of their addresses, street by street, so that neighbours come together.
    """
    items = Prefetch("order__items", OrderItem.objects.select_related("product"))
    found = rows.select_related("order__customer", "agent").prefetch_related(items)
    ordered = sorted(found, key=_place)
    return Sheet([_area(list(stops)) for _, stops in groupby(ordered, lambda row: row.area.casefold())])


def _area(deliveries: list[Delivery]) -> Area:
    """Its name as the first writes it: Indiranagar and INDIRANAGAR are one area."""
    name = deliveries[0].area
    return Area(name, list(_rounds(name, deliveries)))


def _place(delivery: Delivery) -> tuple:
    """Without an area, and without an agent, last."""
    agent, customer = delivery.agent, delivery.order.customer
    by = (agent.name, agent.pk) if agent else ("", 0)
    area = (not delivery.area, delivery.area.casefold())
    return *area, agent is None, by, _street(customer.address), customer.name, delivery.pk


def _street(address: str) -> tuple[str, int]:
    """`12, 100 Feet Road` lies in 100 Feet Road, at 12."""
    number, street = HOUSE.match(address.casefold()).groups()
    return street, int(number or 0)


def _rounds(area: str, deliveries: Iterable[Delivery]) -> Iterator[Round]:
    for agent, rows in groupby(deliveries, lambda row: row.agent):
        yield Round(area, agent, [Stop(number, row) for number, row in enumerate(rows, 1)])


def load_of(stops: Iterable[Stop]) -> list[tuple[Product, int]]:
    """How many of each product, by name."""
    total: Counter[Product] = Counter()
    for stop in stops:
        for item in stop.items:
            total[item.product] += item.quantity
    return sorted(total.items(), key=lambda pair: (pair[0].name, pair[0].unit))


def write_csv(sheets: Iterable[Sheet], out: TextIO) -> None:
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for each in (one for sheet in sheets for one in sheet.rounds):
        writer.writerows(map(safe, _cells(each, stop)) for stop in each.stops)


def _cells(each: Round, stop: Stop) -> tuple[object, ...]:
    delivery, customer = stop.delivery, stop.customer
    items = "; ".join(f"{item.quantity} × {item.product}" for item in stop.items)
    return (
        each.area, each.agent or "", stop.number, delivery.order, customer.name, stop.phone, stop.address,
        items, stop.slot, delivery.get_status_display().lower(), ". ".join(filter(None, (stop.standing, stop.notes))),
    )  # fmt: skip

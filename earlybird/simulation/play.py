"""A plan, played: through the models, actions and jobs that the business uses, and the engine that sends.

The provider is the one in memory, so nobody is reached. What it accepts is reported on at once, by receipts as
MyOperator would send them.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from billing.models import Payment
from delivery import actions as delivering
from delivery.models import Agent, Delivery
from earlybird.simulation import rules
from earlybird.simulation.people import AGENTS, AREAS, GOODS
from earlybird.simulation.plan import OneTime, Person, Plan, Sub
from jobs import ticking
from notifications import clock, engine, outbox, receipts
from notifications.models import WebhookEvent
from notifications.providers import memory
from notifications.providers.base import Accepted, Outgoing
from orders import actions as ordering
from orders import announcements, days, overrides
from orders.models import Announcement, Customer, Order, Product, Subscription

Say = Callable[[str], None]

DELAY = timedelta(minutes=45)


def products() -> list[Product]:
    """What the shop sells, in the order in which plans name it; made where it is not there yet."""
    return [
        Product.objects.get_or_create(name=goods.name, unit=goods.unit, defaults={"price": goods.price})[0]
        for goods in GOODS
    ]


class Play:
    """Plays a plan day by day; `to` sets the house's clock. The provider has to be the one in memory."""

    def __init__(self, plan: Plan, to: Callable[[datetime], None], say: Say = lambda line: None) -> None:
        self.plan, self.to, self.say = plan, to, say
        self.products: list[Product] = []
        self.agents: dict[str, Agent] = {}
        self.customers: dict[int, Customer] = {}
        self.subscriptions: dict[tuple[int, int], Subscription] = {}
        self.placed: dict[tuple[int, int], Order] = {}
        self.accepted = 0

    def run(self) -> None:
        """From the first day's morning to the last one's night."""
        memory.answer_with(self._accept)
        with connection.cursor() as cursor:
            cursor.execute(
                "SET synchronous_commit TO off"
            )  # nobody's milk hangs on it, and it halves the time
        self._at(0, time(5, 30))
        self._open_shop()
        for day in range(self.plan.days):
            self._day(day)
            self.say(f"{self.plan.date(day):%a %-d %b}: {self.accepted:,} messages so far")

    def _day(self, day: int) -> None:
        at = self._at
        at(day, time(0, 15), self._tick)
        at(day, time(2, 15), self._tick)
        at(day, time(6, 30), lambda: self._delay(day))
        at(day, time(7, 30), lambda: self._deliver(day))
        at(day, time(9, 15), lambda: self._deliver(day))
        at(day, time(10, 15), self._tick)
        at(day, time(11, 15), self._tick)
        at(day, time(12), lambda: self._act(day))
        at(day, time(21, 15), lambda: self._evening(day))

    def _at(self, day: int, clock_time: time, does: Callable[[], object] = lambda: None) -> None:
        """Set the clock, do it, and let everything that follows from it happen."""
        self.to(days.moment(self.plan.date(day), clock_time))
        does()
        while engine.drain():
            pass
        self._answer()

    def _answer(self) -> None:
        """What people and their phones do then: nothing, here."""

    def _tick(self) -> None:
        ticking.tick(clock.now())

    def _evening(self, day: int) -> None:
        self._tick()
        self._give_out(day + 1)

    # --- the shop

    @transaction.atomic
    def _open_shop(self) -> None:
        self.products = products()
        self.agents = {
            area: Agent.objects.get_or_create(phone=phone, defaults={"name": name})[0]
            for area, (name, phone) in zip(AREAS, AGENTS, strict=True)
        }
        for person in self.plan.people:
            self.customers[person.number] = self._customer(person)

    def _customer(self, person: Person) -> Customer:
        who = person.who
        kept = {"name": who.name, "language": who.language, "area": who.area, "address": who.address}
        customer, is_new = Customer.objects.get_or_create(phone=who.phone, defaults=kept)
        if is_new and person.wants_offers:  # who has written STOP since is not opted in again
            outbox.opt_in(who.phone, language=who.language)
        return customer

    # --- agents

    def _coming(self, day: int) -> QuerySet[Delivery]:
        return Delivery.objects.filter(date=self.plan.date(day), status__in=Delivery.AHEAD)

    def _give_out(self, day: int) -> None:
        """Each area's deliveries to its agent."""
        for area, agent in self.agents.items():
            delivering.assign_unassigned(self.plan.date(day), area, agent)

    def _delay(self, day: int) -> None:
        late = [area for number, area in self.plan.late if number == day]
        eta = delivering.Delay(minutes=int(DELAY.total_seconds() // 60))
        delivering.delay_many(self._coming(day).filter(area__in=late), eta)

    def _deliver(self, day: int) -> None:
        """At the slot's time all that are not late, and later the others. Nobody is home with some."""
        is_late = clock.now() >= days.moment(self.plan.date(day), time(9))
        coming = self._coming(day)
        for person in self.plan.people:
            if day in person.missed:
                for delivery in coming.filter(order__customer=self.customers[person.number]):
                    delivering.mark_not_delivered(delivery, "nobody_home")
        delivering.mark_many(coming if is_late else coming.filter(eta=None))

    # --- customers

    def _act(self, day: int) -> None:
        for person in self.plan.people:
            if person.stops == day:
                self._write(person, "STOP")
            for number, sub in enumerate(person.subs):
                self._follow(person, number, sub, day)
            for number, order in enumerate(person.orders):
                self._order(person, number, order, day)
            self._pay(person, day)
        if day == self.plan.announced:
            self._announce()

    def _announce(self) -> None:
        news = Announcement.objects.create(product=self.products[-1])
        announcements.start(news)
        announcements.advance(clock.now())

    def _follow(self, person: Person, number: int, sub: Sub, day: int) -> None:
        if sub.made == day:
            self.subscriptions[person.number, number] = self._subscribe(person, sub)
        mine = self.subscriptions.get((person.number, number))
        if mine is None:
            return
        pause = sub.pause
        if pause and pause.asked == day:
            until = None if pause.until is None else self.plan.date(pause.until)
            ordering.pause(mine, self.plan.date(pause.begins), until)
        if pause and pause.resumed == day:
            ordering.resume(mine)
        for other, quantity in sub.instead.items():
            if other == day + 2:
                overrides.bring(mine, self.plan.date(other), quantity)

    def _subscribe(self, person: Person, sub: Sub) -> Subscription:
        return ordering.subscribe(
            self.customers[person.number],
            self.products[sub.product],
            self.plan.date(sub.begins),
            quantity=sub.quantity,
            pattern=sub.pattern,
            weekdays=list(sub.weekdays),
            end=None if sub.ends is None else self.plan.date(sub.ends),
        )

    def _order(self, person: Person, number: int, order: OneTime, day: int) -> None:
        if order.placed == day:
            self.placed[person.number, number] = ordering.place_order(
                self.customers[person.number],
                self.plan.date(order.day),
                [(self.products[order.product], order.quantity)],
            )
        if order.cancelled == day:
            ordering.cancel(self.placed[person.number, number])

    def _pay(self, person: Person, day: int) -> None:
        share = person.pays.get(self.plan.date(day).day)
        bill = self.customers[person.number].bills.filter(carried_to=None).first() if share else None
        if bill and bill.outstanding > 0:
            amount = rules.paid(bill.outstanding, share)
            Payment.objects.create(customer=bill.customer, amount=amount, method="upi", month=bill.month)

    def _write(self, person: Person, words: str) -> None:
        """A message from the customer, as MyOperator brings it."""
        data = {"type": "text", "context": {"body": words}}
        report([event("message.received", person.who.phone, f"reply-{uuid.uuid4()}", data=data)])

    # --- the provider

    def _accept(self, outgoing: Outgoing) -> Accepted:
        self.accepted += 1
        return Accepted(f"played-{uuid.uuid4()}")


def event(
    kind: str, phone: str, provider_id: str, after: timedelta = timedelta(0), **payload: object
) -> WebhookEvent:
    """One of MyOperator's events, so long after now."""
    at = clock.now() + after
    said = {
        "event_id": str(uuid.uuid4()), "event_type": kind, "timestamp": at.isoformat(),
        "customer_identifier": phone, "payload": {"id": provider_id, **payload},
    }  # fmt: skip
    return WebhookEvent(
        event_id=said["event_id"], event_type=kind, payload=said, received_at=at, due_at=clock.now()
    )


def report(events: list[WebhookEvent]) -> None:
    """They arrive, and are applied."""
    WebhookEvent.objects.bulk_create(events)
    receipts.apply_waiting(clock.now())

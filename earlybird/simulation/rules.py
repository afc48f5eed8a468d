"""What each person should be told on each day, counted from the plan alone, day by day, by the words of the rules.

Nothing here asks the database, and nothing of the system's own calendar or money is used.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from earlybird.simulation.people import GOODS
from earlybird.simulation.plan import Person, Plan, Sub

AWAY = 14  # days until somebody is asked back
STANDS = 7  # days in which coming back earns the offer
QUARTER = Decimal("0.25")
DUE, REMINDED = (
    11,
    (8, 11, 14, 18),
)  # days of the month in which bills of the last one are due, and reminded of
PAISE = Decimal("0.01")
STOPPED = "stop_confirmation"

Told = Counter[tuple[str, str, date]]  # phone, kind, day


def told(plan: Plan) -> Told:
    """How often each person is told what on which day."""
    found: Told = Counter()
    for person in plan.people:
        for day, kind in _Life(plan, person).messages():
            found[person.who.phone, kind, plan.date(day)] += 1
    return found


@dataclass
class _Life:
    """One person's days, and what they owe by them."""

    plan: Plan
    person: Person
    owed: Decimal = Decimal(0)  # of bills that were made
    charges: Decimal = Decimal(0)  # delivered since the last bill
    offers: list[int] = field(default_factory=list)  # the day each was made

    def messages(self) -> Iterator[tuple[int, str]]:
        for day in range(self.plan.days):
            for kind in self._of(day):
                if self.person.stops is None or day < self.person.stops:
                    yield day, kind
            if day == self.person.stops:
                yield from ((day, kind) for kind in self._before_noon(day))
                yield day, STOPPED

    def _of(self, day: int) -> list[str]:
        return [*self._before_noon(day), *self._at_noon(day), *self._at_night(day)]

    def _before_noon(self, day: int) -> list[str]:
        """Asked twice for the day somebody stops, so it changes nothing; `_at_noon` counts the money."""
        orders = self._orders(day)
        is_late = (day, self.person.who.area) in self.plan.late
        delivered = bool(orders) and day not in self.person.missed
        return [
            *["delivery_delayed"] * (len(orders) if is_late else 0),
            *["delivery_confirmed"] * delivered,
            *self._reminders(day),
            *["churn_risk"] * self._asked_back(day),
        ]

    def _at_noon(self, day: int) -> list[str]:
        person = self.person
        return [
            *["subscription_confirmation" for sub in person.subs if sub.made == day],
            *["order_confirmation" for order in person.orders if order.placed == day],
            *["new_product"] * (day == self.plan.announced and person.wants_offers),
            *["pause_confirmation" for sub in person.subs if sub.pause and sub.pause.asked == day],
            *self._pays(day),
        ]

    def _at_night(self, day: int) -> list[str]:
        reminders = ["delivery_reminder"] * len(self._orders(day + 1))
        self.charges += sum(self._orders(day), Decimal(0)) * (day not in self.person.missed)
        return reminders

    def _orders(self, day: int) -> list[Decimal]:
        """What each order of a day costs: at most one from subscriptions, and those that were placed."""
        person, found = self.person, []
        nightly = sum(
            (_price(sub.product) * _brought(self.plan, sub, day) for sub in person.subs), Decimal(0)
        )
        if nightly:
            found.append(nightly - self._taken_off(nightly, day))
        for order in person.orders:
            if order.day == day and order.cancelled is None:
                found.append(_price(order.product) * order.quantity)
        return found

    def _taken_off(self, amount: Decimal, day: int) -> Decimal:
        """A quarter, of the first order after they came back in time."""
        for sub in self.person.subs:
            back = sub.pause.resumed if sub.pause else None
            if back is not None and day == _first_after(self.plan, sub, back):
                asked = sub.pause.begins + AWAY
                in_time = self.person.wants_offers and asked <= back <= asked + STANDS
                return (amount * QUARTER).quantize(PAISE, ROUND_HALF_UP) if in_time else Decimal(0)
        return Decimal(0)

    def _asked_back(self, day: int) -> bool:
        person = self.person
        if not person.wants_offers or len(person.subs) != 1:
            return False
        sub = person.subs[0]
        if sub.ends is not None:
            return day == sub.ends + 1 + AWAY
        is_due = sub.pause is not None and day == sub.pause.begins + AWAY
        return is_due and _is_paused(sub, day + 1)

    def _reminders(self, day: int) -> list[str]:
        today = self.plan.date(day)
        if today.day == 1:
            self.owed, self.charges = self.owed + self.charges, Decimal(0)
        return ["payment_reminder"] * (today.day in REMINDED and self.owed > 0 and self._has_bill(day))

    def _has_bill(self, day: int) -> bool:
        """Whether the first of a month was played already."""
        return self.plan.date(day).replace(day=1) >= self.plan.start

    def _pays(self, day: int) -> list[str]:
        share = self.person.pays.get(self.plan.date(day).day)
        if share is None or self.owed <= 0 or not self._has_bill(day):
            return []
        self.owed -= paid(self.owed, share)
        return ["payment_confirmation"]


def paid(owed: Decimal, share: float) -> Decimal:
    """What somebody pays who pays this share of what they owe, in rupees and paise."""
    return (owed * Decimal(str(share))).quantize(PAISE, ROUND_HALF_UP)


def _price(product: int) -> Decimal:
    return Decimal(GOODS[product].price)


def _brought(plan: Plan, sub: Sub, day: int) -> int:
    if day < sub.begins or (sub.ends is not None and day > sub.ends) or _is_paused(sub, day):
        return 0
    if day in sub.instead:
        return sub.instead[day]
    weekday = plan.date(day).weekday()
    comes = {
        "daily": True,
        "alternate_days": (day - sub.begins) % 2 == 0,
        "weekly": weekday in sub.weekdays,
        "custom_days": weekday in sub.weekdays,
    }
    return sub.quantity if comes[sub.pattern] else 0


def _is_paused(sub: Sub, day: int) -> bool:
    """As it was known the evening before, when the day's orders were made."""
    pause = sub.pause
    if pause is None or day < pause.begins or (pause.until is not None and day >= pause.until):
        return False
    return pause.resumed is None or pause.resumed >= day


def _first_after(plan: Plan, sub: Sub, back: int) -> int:
    day = back + 1
    while not _brought(plan, sub, day):
        day += 1
    return day

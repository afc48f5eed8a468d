"""Who the simulated people are and what they do on which day: data alone. Days are counted from 0."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from earlybird.simulation.people import AREAS, GOODS, Someone, someone


@dataclass(frozen=True)
class Pause:
    """Asked for on a day; `until` is the first day that is brought again. `resumed`: the day it is ended by hand."""

    asked: int
    begins: int
    until: int | None = None
    resumed: int | None = None


@dataclass(frozen=True)
class Sub:
    """A subscription; `made` is the day it is taken out. `instead`: the quantity of days that differ."""

    product: int
    quantity: int
    pattern: str = "daily"
    weekdays: tuple[int, ...] = ()
    made: int = 0
    begins: int = 1
    ends: int | None = None
    pause: Pause | None = None
    instead: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OneTime:
    """An order placed on one day for another; `cancelled`: the day it is called off."""

    placed: int
    day: int
    product: int
    quantity: int
    cancelled: int | None = None


@dataclass(frozen=True)
class Person:
    """One customer. `pays`: day of the month → share of what is then to pay. `missed`: days nobody is at home."""

    number: int
    who: Someone
    wants_offers: bool = True
    subs: tuple[Sub, ...] = ()
    orders: tuple[OneTime, ...] = ()
    pays: dict[int, float] = field(default_factory=dict)
    missed: tuple[int, ...] = ()
    stops: int | None = None


@dataclass(frozen=True)
class Plan:
    """The people, the first day, how many days; which area is served late on which day; when a product is announced."""

    start: date
    days: int
    people: tuple[Person, ...]
    late: frozenset[tuple[int, str]]
    announced: int = 16

    def date(self, day: int) -> date:
        return self.start + timedelta(days=day)


def made(start: date, days: int, people: int, seed: int = 1) -> Plan:
    """The same for the same seed. Every character there is comes about equally often."""
    chance = random.Random(seed)
    late = frozenset((day, AREAS[day % len(AREAS)]) for day in range(5, days, 6))
    return Plan(start, days, tuple(person_of(number, chance) for number in range(people)), late)


def person_of(number: int, chance: random.Random) -> Person:
    """What somebody does is told by their number; what they like is left to chance."""
    return CHARACTERS[number % len(CHARACTERS)](Person(number, someone(number)), chance)


def _milk(chance: random.Random, **how) -> Sub:
    return Sub(product=chance.choice((0, 1, 11)), quantity=chance.choice((1, 1, 2, 3)), **how)


def _extra(chance: random.Random, **how) -> Sub:
    return Sub(product=chance.randrange(2, len(GOODS)), quantity=chance.choice((1, 1, 2)), **how)


def _daily(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance),), pays={5: 1.0})


def _every_other_day(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance, pattern="alternate_days"),), pays={11: 1.0})


def _weekly_and_never_pays(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_extra(chance, pattern="weekly", weekdays=(5,)),))


def _chosen_days_and_pays_half(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_extra(chance, pattern="custom_days", weekdays=(0, 3)),), pays={9: 0.5})


def _two_and_not_at_home(person: Person, chance: random.Random) -> Person:
    subs = (_milk(chance), _extra(chance, pattern="custom_days", weekdays=(1, 4)))
    return replace(person, subs=subs, pays={3: 1.0}, missed=(15,))


def _on_holiday(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance, pause=Pause(asked=6, begins=8, until=13)),), pays={12: 1.0})


def _goes_and_comes_back(person: Person, chance: random.Random) -> Person:
    """Asked back two weeks after the pause began, comes back three days later: the next order is a quarter less."""
    return replace(person, subs=(_milk(chance, pause=Pause(asked=2, begins=3, resumed=18)),), pays={15: 1.0})


def _goes_and_wants_no_offers(person: Person, chance: random.Random) -> Person:
    subs = (_milk(chance, pause=Pause(asked=3, begins=5)),)
    return replace(person, subs=subs, wants_offers=False, pays={2: 1.0})


def _now_and_then(person: Person, chance: random.Random) -> Person:
    product = chance.randrange(len(GOODS))
    orders = (
        OneTime(placed=2, day=3, product=product, quantity=2),
        OneTime(placed=9, day=12, product=product, quantity=1, cancelled=10),
        OneTime(placed=13, day=14, product=product, quantity=3),
    )
    return replace(person, orders=orders, pays={6: 1.5})


def _both_on_one_day(person: Person, chance: random.Random) -> Person:
    orders = (OneTime(placed=10, day=12, product=chance.randrange(2, len(GOODS)), quantity=1),)
    return replace(person, subs=(_milk(chance),), orders=orders, pays={10: 1.0})


def _wants_silence(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance),), stops=12)


def _changes_days(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance, instead={7: 0, 14: 5}),), pays={19: 1.0})


def _new(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance, made=9, begins=10),), pays={8: 1.0})


def _ends(person: Person, chance: random.Random) -> Person:
    return replace(person, subs=(_milk(chance, ends=4),), pays={4: 1.0})


CHARACTERS: tuple[Callable[[Person, random.Random], Person], ...] = (
    _daily, _every_other_day, _weekly_and_never_pays, _chosen_days_and_pays_half, _two_and_not_at_home, _on_holiday,
    _goes_and_comes_back, _goes_and_wants_no_offers, _now_and_then, _both_on_one_day, _wants_silence, _changes_days,
    _new, _ends,
)  # fmt: skip

"""A believable shop, for the sandbox only: the numbers could be somebody's."""

import logging
import random
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from earlybird.simulation import history, plan
from earlybird.simulation.moved import moved_clock
from earlybird.simulation.plan import Person
from earlybird.simulation.play import products
from earlybird.simulation.settings import rules_as_written
from earlybird.simulation.troubles import Troubles
from notifications import outbox
from orders import days
from orders.models import Customer, Order, Product, Subscription

SEED = 1
MOST_WITH_HISTORY = 2000  # customers; a history is played, message by message
CHUNK = 5000
STAFF = {
    "chitra": "",
    "sana": "Support",
    "kabir": "Content",
    "omkar": "Operations",
}  # by group; Chitra may all
SIGN_IN = (
    "sign in as chitra, who may do everything, or as sana (Support), kabir (Content), omkar (Operations);"
    " each has the password earlybird"
)


class Command(BaseCommand):
    help = (
        "Make a shop of 200 customers, 12 products and more than three weeks of history, the same each time, and the"
        " staff logins chitra, sana, kabir and omkar, password earlybird. In a shop that has orders it adds what is"
        " missing, without history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--customers",
            type=int,
            default=settings.DEMO_CUSTOMERS,
            help="100000 for load: they have no history",
        )
        parser.add_argument("--no-history", action="store_true", default=not settings.DEMO_HISTORY)

    def handle(self, *args: Any, customers: int, no_history: bool, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError(
                "Demo data is made only where the provider is the sandbox: its numbers could be somebody's."
            )
        self._staff()
        if no_history or customers > MOST_WITH_HISTORY or Order.objects.exists():
            self._people(customers)
        else:
            self._history(customers)
        self.stdout.write(f"The demo shop is there. At /admin/ {SIGN_IN}.")

    @transaction.atomic  # a login that was left without its password would never get one
    def _staff(self) -> None:
        for name, group in STAFF.items():
            user, is_new = get_user_model().objects.get_or_create(
                username=name,
                defaults={"first_name": name.title(), "is_staff": True, "is_superuser": not group},
            )
            if is_new:
                user.set_password("earlybird")
                user.save()
                user.groups.set(Group.objects.filter(name=group))

    def _history(self, customers: int) -> None:
        """Before the shop opens: a worker that runs would send yesterday's messages to the sandbox."""
        from earlybird.running import running

        if (found := running()) and found["ready"]:
            raise CommandError(
                "A history is made before the shop opens: stop what runs here, or use --no-history."
            )
        today = days.today()
        made = plan.made(history.first_day(today), history.length(today), customers, SEED)
        self.stdout.write(f"Playing {made.days} days of {customers} customers, half a minute or so …")
        logging.disable(logging.WARNING)  # a line for each message would be thousands
        try:
            with rules_as_written(), moved_clock() as to:
                history.History(made, to).run()
                Troubles(to).run()
        finally:
            logging.disable(logging.NOTSET)

    def _people(self, customers: int) -> None:
        """Customers and subscriptions, without a past. Those who are there stay as they are."""
        sold = products()
        chance = random.Random(SEED)
        for first in range(0, customers, CHUNK):
            people = [
                plan.person_of(number, chance) for number in range(first, min(first + CHUNK, customers))
            ]
            _add(people, sold)
            if customers > CHUNK:
                self.stdout.write(f"{first + len(people):,} customers")


@transaction.atomic  # customers who are there get no subscriptions later
def _add(people: list[Person], sold: list[Product]) -> None:
    phones = [person.who.phone for person in people]
    there = set(Customer.objects.filter(phone__in=phones).values_list("phone", flat=True))
    fresh = {person.who.phone: person for person in people if person.who.phone not in there}
    Customer.objects.bulk_create(Customer(**person.who._asdict()) for person in fresh.values())
    customers = Customer.objects.filter(phone__in=fresh).order_by("pk")
    rows = [row for one in customers for row in _subscriptions(one, fresh[one.phone], sold)]
    Subscription.objects.bulk_create(rows)
    for person in fresh.values():
        if person.wants_offers and person.number < MOST_WITH_HISTORY:
            outbox.opt_in(person.who.phone, language=person.who.language)


def _subscriptions(customer: Customer, person: Person, sold: list[Product]) -> list[Subscription]:
    return [
        Subscription(
            customer=customer,
            product=sold[sub.product],
            quantity=sub.quantity,
            pattern=sub.pattern,
            weekdays=list(sub.weekdays),
            start=days.today() + timedelta(days=1),
        )
        for sub in person.subs
    ]

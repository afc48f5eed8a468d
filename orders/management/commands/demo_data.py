"""A small believable shop, for the sandbox only: the numbers could be somebody's."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from notifications import outbox
from orders import days
from orders.models import Customer, Product, Subscription

CUSTOMERS = (  # six read English: the demo shows them the installed texts
    ("Asha Rao", "+919876543210", "en", "Indiranagar", "12, 4th Cross, HAL 2nd Stage"),
    ("Vikram Sharma", "+919876543211", "hi", "Indiranagar", "301, Sunrise Apartments, 100 Feet Road"),
    ("Lakshmi Gowda", "+919876543212", "kn", "Jayanagar", "45, 9th Main, 3rd Block"),
    ("Karthik Subramanian", "+919876543213", "en", "Jayanagar", "7, Temple Street, 5th Block"),
    ("Sravani Reddy", "+919876543214", "en", "Koramangala", "B-204, Lake View, 80 Feet Road"),
    ("Sanjay Kulkarni", "+919876543215", "en", "Koramangala", "18, 1st A Cross, 6th Block"),
    ("Meera Nair", "+919876543216", "en", "Whitefield", "Villa 9, Palm Meadows"),
    ("Imran Khan", "+919876543217", "en", "Whitefield", "C-11, Brookfield Residency"),
)
PRODUCTS = (  # the last is new: it can be had in a week
    ("Cow milk", "500 ml", "32.00"),
    ("Buffalo milk", "500 ml", "40.00"),
    ("Curd", "400 g", "38.00"),
    ("Paneer", "200 g", "95.00"),
    ("Eggs", "6 pieces", "54.00"),
    ("Brown bread", "400 g", "50.00"),
    ("Bananas", "1 kg", "60.00"),
    ("A2 ghee", "250 ml", "340.00"),
)
SUBSCRIPTIONS = (  # customer, product, quantity, pattern, weekdays
    ("+919876543210", "Cow milk", 2, "daily", []),
    ("+919876543211", "Buffalo milk", 1, "alternate_days", []),
    ("+919876543212", "Curd", 1, "weekly", [5]),
    ("+919876543213", "Eggs", 2, "custom_days", [0, 3]),
)


class Command(BaseCommand):
    help = "Make a few customers, products and subscriptions, and the staff login chitra / earlybird."

    @transaction.atomic
    def handle(self, *args, **options):
        if not settings.SANDBOX:
            raise CommandError(
                "Demo data is made only where the provider is the sandbox: its numbers could be somebody's."
            )
        self._staff()
        customers = {row[1]: self._customer(*row) for row in CUSTOMERS}
        products = {row[0]: self._product(*row) for row in PRODUCTS}
        for phone, product, *rest in SUBSCRIPTIONS:
            self._subscription(customers[phone], products[product], *rest)
        self.stdout.write("The demo shop is there. Staff sign in at /admin/ as chitra, password earlybird.")

    def _staff(self):
        chitra, is_new = get_user_model().objects.get_or_create(
            username="chitra", defaults={"first_name": "Chitra", "is_staff": True, "is_superuser": True}
        )
        if is_new:
            chitra.set_password("earlybird")
            chitra.save()

    def _customer(self, name, phone, language, area, address):
        customer, is_new = Customer.objects.get_or_create(
            phone=phone, defaults={"name": name, "language": language, "area": area, "address": address}
        )
        if is_new:  # who has written STOP since is not opted in again
            outbox.opt_in(phone)
        return customer

    def _product(self, name, unit, price):
        is_last = name == PRODUCTS[-1][0]
        available_from = days.today() + timedelta(days=7) if is_last else None
        return Product.objects.get_or_create(
            name=name, unit=unit, defaults={"price": price, "available_from": available_from}
        )[0]

    def _subscription(self, customer, product, quantity, pattern, weekdays):
        # A shop that was played with (`make demo`) may have it twice, so no `get_or_create`.
        if Subscription.objects.filter(customer=customer, product=product).exists():
            return
        Subscription.objects.create(
            customer=customer,
            product=product,
            quantity=quantity,
            pattern=pattern,
            weekdays=weekdays,
            start=days.today() + timedelta(days=1),
        )

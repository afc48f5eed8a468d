"""The ten messages, each caused the way the business causes it: through the real models and jobs."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import billing.messages
import delivery.actions
import delivery.messages
import orders.actions
import orders.churn
import orders.messages
from billing.models import Bill, Payment
from notifications import clock, outbox
from notifications.models import Message
from orders import days
from orders.models import Customer, Order, Product, Subscription

Cause = tuple[str, Callable[[], str]]


class Showcase:
    """Causes each kind once, for the customers of the demo data. Every cause returns the reference it is under."""

    def __init__(self) -> None:
        self.newcomer = self._newcomer()
        # Who reads English: what is shown, and what the sandbox may be told to refuse, are those texts.
        there = Customer.objects.filter(language="en", erased_at=None)
        readers = there.exclude(pk=self.newcomer.pk).order_by("pk")[:2]
        self.customers = [*readers, self.newcomer]
        self.milk = Product.objects.order_by("pk")[0]

    def causes(self) -> Iterator[Cause]:
        """(kind, what causes it), in the order of a customer's life."""
        yield "subscription_confirmation", self.subscribe
        yield "order_confirmation", self.order
        yield "delivery_reminder", self.remind
        yield "delivery_delayed", self.delay
        yield "delivery_confirmed", self.deliver
        yield "payment_reminder", self.bill
        yield "payment_confirmation", self.pay
        yield "pause_confirmation", self.pause
        yield "churn_risk", self.miss
        yield "new_product", self.announce

    def subscribe(self) -> str:
        self.subscription = Subscription.objects.create(
            customer=self._customer(0), product=self.milk, quantity=1, pattern="daily", start=self._tomorrow()
        )
        return f"subscription_{self.subscription.pk}"

    def order(self) -> str:
        # The newcomer's: of all that is delivered to somebody on one day they are told once, whoever ran a demo before.
        self.placed = self._order(self.newcomer)
        return f"order_{self.placed.pk}"

    def remind(self) -> str:
        order = self._order(self._customer(1))
        delivery.messages.delivery_reminder(order.delivery)
        return f"order_{order.pk}"

    def delay(self) -> str:
        coming = self._order(self._customer(3)).delivery
        delivery.actions.delay(coming, coming.slot_ends_at + timedelta(minutes=30))
        return f"order_{coming.order_id}"

    def deliver(self) -> str:
        delivery.actions.mark_delivered(self.placed.delivery)
        return f"order_{self.placed.pk}"

    def bill(self) -> str:
        today = days.today()
        self.owed, _ = Bill.objects.get_or_create(
            customer=self.newcomer,
            month=today.replace(day=1),
            defaults={"amount": Decimal("1234.50"), "due_date": today + timedelta(days=3)},
        )
        billing.messages.payment_reminder(self.owed, today)
        return f"bill_{self.owed.pk}"

    def pay(self) -> str:
        payment = Payment.objects.create(
            customer=self._customer(5), amount=Decimal("450"), method="upi", month=days.today().replace(day=1)
        )
        return f"payment_{payment.pk}"

    def pause(self) -> str:
        orders.actions.pause(
            self.subscription, self._tomorrow(), self._tomorrow() + timedelta(days=7), "holiday"
        )
        return f"subscription_{self.subscription.pk}"

    def miss(self) -> str:
        orders.churn.ask([orders.churn.absence_of(self.subscription)], clock.now())
        return f"subscription_{self.subscription.pk}"

    def announce(self) -> str:
        product, _ = Product.objects.update_or_create(
            name="Saffron milk",
            unit="200 ml",
            defaults={"price": Decimal("45"), "available_from": self._tomorrow()},
        )
        orders.messages.new_product(product, [self.newcomer])
        return f"product_{product.pk}"

    def _order(self, customer: Customer) -> Order:
        return orders.actions.place_order(customer, self._tomorrow(), [(self.milk, 2)])

    def _customer(self, number: int) -> Customer:
        return self.customers[number % len(self.customers)]

    def _newcomer(self) -> Customer:
        """A customer of this run's own: nobody has two bills a month, or hears of a product twice."""
        serial = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        customer, is_new = Customer.objects.get_or_create(
            phone=f"+9191{serial % 10**4:04d}1234", defaults={"name": "Nisha Menon", "area": "Indiranagar"}
        )
        if is_new:
            outbox.opt_in(customer.phone)
        return customer

    def _tomorrow(self) -> date:
        return days.today() + timedelta(days=1)

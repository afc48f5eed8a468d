"""What a night will order for one customer, told by the code that will do it."""

from datetime import date

from orders import cutoff, days, nightly, offers
from orders.models import Customer, Order


def basket(customer: Customer, day: date) -> nightly.Basket | None:
    """What the nightly job would order of their subscriptions for this day, as all stands now. Locks nothing.

    None where it would order nothing: nothing is to be brought, it is ordered already, or the night is over.
    """
    if customer.erased_at or is_made(day) or nightly_order(customer, day):
        return None
    found = nightly.baskets_of(day, nightly.running(day).filter(customer=customer)).get(customer.pk)
    if found:
        found.offer = offers.foreseen(customer.pk)
    return found


def nightly_order(customer: Customer, day: date) -> Order | None:
    """The order that a night made for this day, cancelled or not."""
    return Order.objects.filter(customer=customer, delivery_date=day, kind=Order.Kind.SUBSCRIPTION).first()


def is_made(day: date) -> bool:
    """Whether the orders of this day are made, or will not be any more."""
    return day <= days.today() + cutoff.DAY and day not in cutoff.days_to_make()

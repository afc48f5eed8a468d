"""Numbers that people read to each other: EB-20261122-0042, BILL-202611-0007. Each is given once, never again."""

from datetime import date

from orders import days
from orders.models.count import Count


def following(prefix: str, many: int = 1) -> list[str]:
    """The next numbers of a prefix (at most 20 characters): of "BILL-202611", "BILL-202611-0007" and so on.

    The prefix is locked until the transaction ends, and whoever wants a number of it waits: ask as late in a
    transaction as you can, and in bulk for a whole block outside of any. Numbers that are not used are gaps.
    """
    return [f"{prefix}-{number:04d}" for number in Count.take(prefix, many)] if many else []


def orders_of(day: date) -> str:
    """What the numbers of orders begin with that are made on a day: EB-20261122."""
    return f"EB-{day:%Y%m%d}"


def next_order() -> str:
    """The number of an order made now."""
    return following(orders_of(days.today()))[0]

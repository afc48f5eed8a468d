"""Rows 8 and 15: the nightly orders of a shop with items and deliveries, then their reminders, in one process."""

import resource
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection

from benchmarks.setting import Bench
from benchmarks.table import Row
from delivery import daily, messages
from delivery.models import Delivery
from jobs.registry import Progress
from orders import days, nightly
from orders.models import Product

FIVE_MINUTES = 300
A_MINUTE = 60
ONE_BY_ONE = 300  # reminders that are queued each by itself, for comparison
CUSTOMERS = """INSERT INTO orders_customer (name, phone, language, area, address, created_at)
    SELECT 'Person ' || n, '+9160' || lpad(n::text, 8, '0'), 'en', 'Area ' || n %% 20, '', now()
    FROM generate_series(1, %s) AS n"""
SUBSCRIPTIONS = """INSERT INTO orders_subscription
        (customer_id, product_id, quantity, pattern, weekdays, start, status, created_at)
    SELECT id, (SELECT min(id) FROM orders_product WHERE unit = 'nightly') + id %% 12, 1 + id %% 3, 'daily', '{}',
        now()::date, 'active', now()
    FROM orders_customer WHERE phone LIKE '+9160%%'"""
PAUSES = """INSERT INTO orders_subscriptionpause (subscription_id, from_date, resume_date, reason, created_at)
    SELECT id, now()::date, now()::date + 30, '', now() FROM orders_subscription WHERE id %% 20 = 0"""
OVERRIDES = """INSERT INTO orders_subscriptionoverride (subscription_id, date, quantity)
    SELECT id, now()::date + n, 2 FROM orders_subscription, generate_series(1, 20) AS n WHERE id %% 15 = 0"""


def measure(bench: Bench, *, pairs: int, subscriptions: int) -> list[Row]:
    """One evening after the other, each for the next day."""
    _fill(subscriptions)
    nights, reminders, singly = [], [], []
    for number in range(pairs):
        day = days.today() + timedelta(days=number)
        nights.append(_watched(lambda look, day=day: nightly.make_orders(day, look)))
        singly.append(_one_by_one(day))
        reminders.append(_watched(lambda look, day=day: daily.remind(day, look)))
        print(
            f"  night {number + 1}: orders {nights[-1][0]:.1f} s, reminders {reminders[-1][0]:.1f} s",
            flush=True,
        )
    return [
        *_rows(15, f"nightly orders of {subscriptions:,} subscriptions", nights, FIVE_MINUTES),
        *_rows(8, "reminders of that night, in bulk", reminders, A_MINUTE),
        Row(
            8,
            "  the same by one queue() per customer (from 300)",
            [each * subscriptions for each in singly],
            "s",
            0,
        ),
    ]


def _rows(number: int, what: str, runs: list[tuple[float, float]], goal: float) -> list[Row]:
    return [
        Row(number, what, [seconds for seconds, _ in runs], "s", goal, at_most=True),
        Row(
            number,
            "  memory: at the end / after the first tenth",
            [grown for _, grown in runs],
            "x",
            1.05,
            at_most=True,
        ),
    ]


def _one_by_one(day: date) -> float:
    """The seconds for one of them."""
    ahead = Delivery.objects.filter(date=day + timedelta(days=1)).select_related("order__customer")
    some = list(ahead.order_by("pk")[:ONE_BY_ONE])
    began = time.perf_counter()
    for one in some:
        messages.delivery_reminder(one)
    return (time.perf_counter() - began) / len(some)


def _fill(subscriptions: int) -> None:
    Product.objects.bulk_create(
        Product(name=f"Milk {number}", unit="nightly", price=30 + number) for number in range(12)
    )
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [subscriptions])
        for rows in (SUBSCRIPTIONS, PAUSES, OVERRIDES):
            cursor.execute(rows, ())
        cursor.execute("ANALYZE")


def _watched(run: Callable[[Progress], object]) -> tuple[float, float]:
    """The seconds of a job, and how its peak of memory grew after the first tenth."""
    peaks: list[tuple[int, int]] = []

    def look(done: int, total: int | None = None) -> None:
        peaks.append((done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))

    began = time.perf_counter()
    run(look)
    taken = time.perf_counter() - began
    tenth = next(peak for done, peak in peaks if done >= peaks[-1][0] / 10)
    return taken, peaks[-1][1] / tenth

"""Row 15: the nightly orders of a shop, with their items and deliveries, in one process."""

import resource
import time
from datetime import timedelta

from django.db import connection

from benchmarks.setting import Bench
from benchmarks.table import Row
from orders import days, nightly
from orders.models import Product

FIVE_MINUTES = 300
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
    seconds, growth = [], []
    for number in range(pairs):
        taken, grown = _night(number)
        seconds.append(taken)
        growth.append(grown)
        print(f"  night {number + 1}: {taken:.1f} s", flush=True)
    return [
        Row(
            15, f"nightly orders of {subscriptions:,} subscriptions", seconds, "s", FIVE_MINUTES, at_most=True
        ),
        Row(15, "  memory: at the end / after the first tenth", growth, "x", 1.05, at_most=True),
    ]


def _fill(subscriptions: int) -> None:
    Product.objects.bulk_create(
        Product(name=f"Milk {number}", unit="nightly", price=30 + number) for number in range(12)
    )
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, [subscriptions])
        for rows in (SUBSCRIPTIONS, PAUSES, OVERRIDES):
            cursor.execute(rows, ())
        cursor.execute("ANALYZE")


def _night(number: int) -> tuple[float, float]:
    """The seconds of a run, and how its peak of memory grew after the first tenth."""
    peaks: list[tuple[float, int]] = []

    def look(done: int, total: int | None = None) -> None:
        peaks.append((done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))

    began = time.perf_counter()
    nightly.make_orders(days.today() + timedelta(days=number), look)
    taken = time.perf_counter() - began
    tenth = next(peak for done, peak in peaks if done >= peaks[-1][0] / 10)
    return taken, peaks[-1][1] / tenth

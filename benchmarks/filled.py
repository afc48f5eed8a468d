"""A log of many messages, as a shop would have it after 60 days: loaded fast, its statistics by `manage.py recount`."""

import psycopg

from benchmarks.setting import Web

DAYS = 60
PER_PHONE = 100  # messages to each number: 100,000 numbers have 10,000,000
KINDS = (
    "order_confirmation", "delivery_reminder", "delivery_confirmed", "delivery_delayed", "payment_reminder",
    "payment_confirmation", "subscription_confirmation", "pause_confirmation", "churn_risk", "new_product",
)  # fmt: skip

# Oldest first, one after the other: ids grow with time. Consecutive messages go to far-away numbers.
_FILL = """
INSERT INTO notifications_message (phone, kind, language, text, variables, template_version, reference_id, status,
    tries, error_code, error, created_at, expires_at, sent_at, delivered_at, read_at)
SELECT '+9198' || lpad((n * 7919 %% %(phones)s)::text, 8, '0'), kind, 'en',
    'Dear Asha, your EarlyBird order #' || n || ' of 2 × Cow milk 500 ml is scheduled for February 1.',
    jsonb_build_object('customer_name', 'Asha', 'order_id', n::text, 'delivery_date', '2026-02-01'), 1,
    'order_' || n / 3, status, CASE WHEN luck < 0.03 THEN 2 ELSE 1 END,
    CASE status WHEN 'failed' THEN '131026' WHEN 'suppressed' THEN 'opted_out' ELSE '' END, '',
    at, at + interval '1 day',
    CASE WHEN accepted THEN at + took END,
    CASE WHEN status IN ('delivered', 'read') THEN at + took + interval '3 seconds' END,
    CASE WHEN status = 'read' THEN at + took + interval '3 minutes' END
FROM (
    SELECT *, status IN ('sent', 'delivered', 'read') AS accepted FROM (
        SELECT n, luck, (%(kinds)s::text[])[1 + n / 7 %% 10] AS kind,
            now() - (%(messages)s - n) * (interval '1 day' * %(days)s / %(messages)s) AS at,
            interval '1 second' * 0.12 * exp(8 * luck * random()) AS took,
            CASE WHEN luck < 0.60 THEN 'read' WHEN luck < 0.82 THEN 'delivered' WHEN luck < 0.92 THEN 'sent'
                WHEN luck < 0.95 THEN 'failed' WHEN luck < 0.96 THEN 'expired' WHEN luck < 0.99 THEN 'suppressed'
                ELSE 'cancelled' END AS status
        FROM (SELECT n, random() AS luck FROM generate_series(1, %(messages)s::bigint) AS n) AS numbers OFFSET 0
    ) AS lucky OFFSET 0
) AS messages
"""
_CUSTOMERS = """
INSERT INTO orders_customer (name, phone, language, area, address, created_at)
SELECT 'Customer ' || n, '+9198' || lpad(n::text, 8, '0'), 'en', '', '', now()
FROM generate_series(0, %(phones)s::bigint - 1) AS n
"""
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'notifications_message'
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
_SPAN = """
SELECT min(created_at AT TIME ZONE 'Asia/Kolkata')::date, max(created_at AT TIME ZONE 'Asia/Kolkata')::date
FROM notifications_message
"""


def fill(web: Web, messages: int) -> None:
    """Put so many messages in its database, spread evenly over 60 days, and count their statistics."""
    with psycopg.connect(web.env["DATABASE_URL"], autocommit=True) as connection:
        _load(connection, messages)
        first, last = connection.execute(_SPAN).fetchone() or ("", "")
        web.manage("recount", f"{first}", f"--until={last}")
        connection.execute("VACUUM ANALYZE notifications_statuscount")


def _load(connection: psycopg.Connection, messages: int) -> None:
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in indexes:  # made at once at the end they take minutes, row by row an hour
        connection.execute(f"DROP INDEX {name}")
    connection.execute("SELECT setseed(0.5)")
    phones = max(messages // PER_PHONE, 1)
    values = {"messages": messages, "phones": phones, "days": DAYS, "kinds": list(KINDS)}
    connection.execute(_CUSTOMERS, values)
    connection.execute(_FILL, values)
    for _, definition in indexes:
        connection.execute(definition)
    connection.execute("VACUUM ANALYZE notifications_message, orders_customer")

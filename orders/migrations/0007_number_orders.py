from django.db import migrations

# Those that were confirmed once, in the order they were made. Pending ones get theirs when they are confirmed.
NUMBER = """
    WITH counted AS (
        SELECT id, to_char(created_at AT TIME ZONE 'Asia/Kolkata', '"EB-"YYYYMMDD') AS prefix,
            row_number() OVER (PARTITION BY (created_at AT TIME ZONE 'Asia/Kolkata')::date ORDER BY id)::text AS n
        FROM orders_order WHERE status <> 'pending'
    )
    UPDATE orders_order AS o SET number = prefix || '-' || lpad(n, greatest(4, length(n)), '0')
    FROM counted WHERE counted.id = o.id AND o.number IS NULL
"""
COUNT = """
    INSERT INTO orders_count (prefix, last)
    SELECT left(number, 11), max(substr(number, 13)::int) FROM orders_order
    WHERE number LIKE 'EB-%%' GROUP BY left(number, 11)
    ON CONFLICT (prefix) DO UPDATE SET last = greatest(orders_count.last, excluded.last)
"""


def number(apps, schema_editor):
    for statement in (NUMBER, COUNT):
        schema_editor.execute(statement, ())


class Migration(migrations.Migration):
    """The orders there are, numbered by the Indian day they were made on. Going back leaves the numbers."""

    dependencies = [("orders", "0006_order_discount")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]

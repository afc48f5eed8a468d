from django.db import migrations

# In the order in which they were made, month by month; what the counting goes on from is kept.
NUMBER = """
UPDATE billing_bill SET number = n.number, adjustments = amount FROM (
    SELECT id, 'BILL-' || to_char(month, 'YYYYMM') || '-' || lpad(place::text, greatest(4, length(place::text)), '0')
        AS number
    FROM (SELECT id, month, row_number() OVER (PARTITION BY month ORDER BY id) AS place FROM billing_bill) placed
) n WHERE n.id = billing_bill.id
"""
COUNT = """
INSERT INTO orders_count (prefix, last)
SELECT 'BILL-' || to_char(month, 'YYYYMM'), count(*) FROM billing_bill GROUP BY month
ON CONFLICT (prefix) DO NOTHING
"""
# They were made by hand, of no orders: an adjustment charges what they say.
CHARGE = """
INSERT INTO billing_adjustment (customer_id, bill_id, amount, reason, created_at)
SELECT customer_id, id, amount, 'Bill made by hand', created_at FROM billing_bill WHERE amount <> 0
"""
UNCHARGE = "DELETE FROM billing_adjustment WHERE reason = 'Bill made by hand'"


class Migration(migrations.Migration):
    """The bills there are: a number for each, and an adjustment that charges what it says."""

    dependencies = [("billing", "0004_accounts")]
    operations = [
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(CHARGE, UNCHARGE),
    ]

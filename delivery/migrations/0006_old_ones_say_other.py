"""What was not delivered before a reason was asked for: other, at the end of its slot."""

from django.db import migrations

FORWARDS = """
UPDATE delivery_delivery SET reason = 'other', not_delivered_at = (date + slot_end) AT TIME ZONE 'Asia/Kolkata'
WHERE status = 'not_delivered' AND reason = ''
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_why_not_delivered")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]

from django.db import migrations, models


class Migration(migrations.Migration):
    """For lists in the order of days."""

    dependencies = [("billing", "0002_install_texts")]
    operations = [
        migrations.AddIndex("bill", models.Index(fields=["due_date", "id"], name="bill_by_due_date")),
        migrations.AddIndex("payment", models.Index(fields=["paid_at", "id"], name="payment_by_time")),
    ]

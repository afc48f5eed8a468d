from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("delivery", "0006_old_ones_say_other")]
    operations = [
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=(Q(status="not_delivered", not_delivered_at__isnull=False) & ~Q(reason=""))
                | (~Q(status="not_delivered") & Q(not_delivered_at__isnull=True, reason="")),
                name="delivery_not_delivered_has_reason",
            ),
        ),
    ]

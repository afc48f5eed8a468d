from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_number_orders")]

    operations = [
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(number__isnull=False), name="order_confirmed_has_number"
            ),
        ),
    ]

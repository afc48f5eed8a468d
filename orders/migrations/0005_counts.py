from django.db import migrations, models


class Migration(migrations.Migration):
    """How far each row of numbers is."""

    dependencies = [("orders", "0004_customer_erased")]
    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("prefix", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("last", models.PositiveBigIntegerField()),
            ],
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """A number that people read, and the counts it comes from."""

    dependencies = [("orders", "0004_customer_erased")]

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("prefix", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="number",
            field=models.CharField(blank=True, editable=False, max_length=30, null=True, unique=True),
        ),
    ]

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


def rupees(**fields):
    return models.DecimalField(decimal_places=2, max_digits=16, **fields)


class Migration(migrations.Migration):
    """A bill adds up what is recorded with up to ten digits: one mistyped account must not stop everybody's bills."""

    dependencies = [("billing", "0006_bill_rules")]
    operations = [
        migrations.AlterField(
            "bill",
            "previous_balance",
            rupees(
                default=0, editable=False, help_text="Rupees owed from before; less than nothing is credit."
            ),
        ),
        migrations.AlterField(
            "bill", "charges", rupees(default=0, editable=False, help_text="Rupees for the orders on it.")
        ),
        migrations.AlterField(
            "bill",
            "adjustments",
            rupees(default=0, editable=False, help_text="Rupees put right when it was made."),
        ),
        migrations.AlterField(
            "bill",
            "amount",
            rupees(help_text="Rupees.", validators=[MinValueValidator(0), MaxValueValidator(Decimal("9999999999.99"))]),
        ),
    ]

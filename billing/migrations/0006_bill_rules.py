from decimal import Decimal

import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each number once; a bill's amount is what is on it."""

    dependencies = [("billing", "0005_number_bills")]
    operations = [
        migrations.AlterField(
            "bill", "number", models.CharField(editable=False, max_length=30, unique=True)
        ),
        migrations.RemoveConstraint("bill", "bill_amount_not_negative"),
        migrations.AddConstraint(
            model_name='bill',
            constraint=models.CheckConstraint(condition=models.Q(('amount', django.db.models.functions.comparison.Greatest(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('previous_balance'), '+', models.F('charges')), '+', models.F('adjustments')), Decimal('0')))), name='bill_amount_adds_up', violation_error_message='A bill is what is on it, and not less than nothing.'),
        ),
    ]

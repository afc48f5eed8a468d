import billing.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import notifications.clock
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Charges, adjustments, refunds and disputes; bills have numbers, and are carried over."""

    dependencies = [
        ('billing', '0003_order_by_day'),
        ('orders', '0008_order_confirmed_has_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, help_text='Rupees; with a minus in front, the customer owes less.', max_digits=12)),
                ('reason', models.CharField(help_text='The customer reads it on the bill.', max_length=300)),
                ('created_at', models.DateTimeField(default=notifications.clock.now, editable=False)),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='BilledOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, help_text='Rupees.', max_digits=14)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='BillRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', billing.fields.MonthField(unique=True)),
                ('last_customer', models.BigIntegerField(default=0)),
                ('customers', models.PositiveIntegerField(default=0)),
                ('bills', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(default=notifications.clock.now)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-month',),
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('not_delivered', 'not delivered'), ('wrong_item', 'wrong item'), ('damaged', 'Damaged'), ('wrong_amount', 'wrong amount')], max_length=13, verbose_name='what is wrong')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='in their words')),
                ('status', models.CharField(choices=[('open', 'Open'), ('settled', 'Settled'), ('refused', 'Refused')], default='open', editable=False, max_length=7)),
                ('opened_at', models.DateTimeField(default=notifications.clock.now, editable=False)),
                ('settled_at', models.DateTimeField(editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('adjustment', 'Adjustment'), ('redelivery', 'brought again'), ('refusal', 'Refusal')], editable=False, max_length=10)),
                ('reason', models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, help_text='Rupees.', max_digits=12)),
                ('method', models.CharField(choices=[('cash', 'cash'), ('upi', 'UPI'), ('card', 'card'), ('bank_transfer', 'bank transfer'), ('wallet', 'wallet'), ('cheque', 'cheque')], max_length=13)),
                ('transaction_id', models.CharField(blank=True, help_text="The bank's or UPI's number for it.", max_length=100)),
                ('reason', models.CharField(max_length=300)),
                ('refunded_at', models.DateTimeField(default=notifications.clock.now, editable=False)),
            ],
            options={
                'ordering': ('-refunded_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
            ],
            options={
                'verbose_name': 'account',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('orders.customer',),
        ),
        migrations.AddField(
            model_name='bill',
            name='adjustments',
            field=models.DecimalField(decimal_places=2, default=0, editable=False, help_text='Rupees put right when it was made.', max_digits=12),
        ),
        migrations.AddField(
            model_name='bill',
            name='carried_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carries', to='billing.bill'),
        ),
        migrations.AddField(
            model_name='bill',
            name='charges',
            field=models.DecimalField(decimal_places=2, default=0, editable=False, help_text='Rupees for the orders on it.', max_digits=12),
        ),
        migrations.AddField(
            model_name='bill',
            name='number',
            field=models.CharField(default='', editable=False, max_length=30),
        ),
        migrations.AddField(
            model_name='bill',
            name='previous_balance',
            field=models.DecimalField(decimal_places=2, default=0, editable=False, help_text='Rupees owed from before; less than nothing is credit.', max_digits=12),
        ),
        migrations.AddField(
            model_name='bill',
            name='reminded_for',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='bill',
            name='created_at',
            field=models.DateTimeField(default=notifications.clock.now, editable=False),
        ),
        migrations.AddIndex(
            model_name='bill',
            index=models.Index(condition=models.Q(('carried_to__isnull', True)), fields=['customer'], name='bill_not_carried'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('bill__isnull', True)), fields=['customer'], name='payment_without_bill'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='bill',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adjusted_by', to='billing.bill'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='orders.customer'),
        ),
        migrations.AddField(
            model_name='adjustment',
            name='order',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to='orders.order'),
        ),
        migrations.AddField(
            model_name='billedorder',
            name='bill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.bill'),
        ),
        migrations.AddField(
            model_name='billedorder',
            name='order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='billed', to='orders.order'),
        ),
        migrations.AddConstraint(
            model_name='billrun',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='bill_run_month_is_first'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='adjustment',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dispute', to='billing.adjustment'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='bill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='billing.bill'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='orders.customer'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='opened_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dispute',
            name='order',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='orders.order'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='redelivery',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redelivers', to='orders.order'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='settled_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='bill',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='billing.bill'),
        ),
        migrations.AddField(
            model_name='refund',
            name='by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='refund',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='orders.customer'),
        ),
        migrations.AddField(
            model_name='refund',
            name='payment',
            field=models.ForeignKey(blank=True, help_text='Empty: of no payment in particular.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='billing.payment'),
        ),
        migrations.AddIndex(
            model_name='adjustment',
            index=models.Index(fields=['customer', '-created_at'], name='adjustment_by_customer'),
        ),
        migrations.AddIndex(
            model_name='adjustment',
            index=models.Index(condition=models.Q(('bill__isnull', True)), fields=['customer'], name='adjustment_without_bill'),
        ),
        migrations.AddConstraint(
            model_name='adjustment',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='adjustment_not_nothing', violation_error_message='An adjustment of nothing changes nothing.'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['status', 'id'], name='dispute_by_status'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(fields=['customer', '-opened_at'], name='dispute_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bill__isnull', True), ('order__isnull', False)), models.Q(('bill__isnull', False), ('order__isnull', True)), _connector='OR'), name='dispute_about_one', violation_error_message='Name an order or a bill, one of the two.'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('order',), name='dispute_open_once_of_order', violation_error_message='A dispute about this order is open already.'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('bill',), name='dispute_open_once_of_bill', violation_error_message='A dispute about this bill is open already.'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('status', 'open')), models.Q(('settled_at__isnull', False), ('status__in', ('settled', 'refused'))), _connector='OR'), name='dispute_status_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ('not_delivered', 'wrong_item', 'damaged', 'wrong_amount'))), name='dispute_what_known'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(fields=['customer', '-refunded_at'], name='refund_by_customer'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('bill__isnull', True)), fields=['customer'], name='refund_without_bill'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('transaction_id', ''), _negated=True), fields=('method', 'transaction_id'), name='refund_transaction_once', violation_error_message='A refund with this transaction id is recorded already.'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive', violation_error_message='A refund is more than nothing.'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ('cash', 'upi', 'card', 'bank_transfer', 'wallet', 'cheque'))), name='refund_method_known'),
        ),
    ]

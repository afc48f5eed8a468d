import django.contrib.postgres.fields
import django.db.models.deletion
import notifications.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=50)),
                ('about', models.CharField(blank=True, help_text='What was chosen, in words.', max_length=300)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('will', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('asked', models.PositiveIntegerField(default=0, help_text='Rows that were chosen.')),
                ('total', models.PositiveIntegerField(default=0, help_text='Rows that it is to be done to.')),
                ('position', models.PositiveIntegerField(default=0, help_text='Rows that are behind us.')),
                ('foreseen', models.JSONField(default=dict)),
                ('came', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('looking', 'being looked at'), ('ready', 'waits for a yes'), ('running', 'under way'), ('done', 'done'), ('stopped', 'stopped'), ('failed', 'broken off')], default='looking', max_length=8)),
                ('stopped_by', models.CharField(blank=True, max_length=150)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('asked_at', models.DateTimeField(default=notifications.clock.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'act on many messages',
                'verbose_name_plural': 'acts on many messages',
                'ordering': ('-pk',),
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('state__in', ('looking', 'running'))), fields=['id'], name='act_under_way')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('looking', 'ready', 'running', 'done', 'stopped', 'failed'))), name='act_state_known')],
            },
        ),
    ]

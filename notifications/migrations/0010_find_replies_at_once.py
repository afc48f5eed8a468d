from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_consent_ledger")]

    operations = [
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(applied_at__isnull=True, event_type="message.received"),
                fields=["due_at", "id"],
                name="webhook_unapplied_replies",
            ),
        ),
    ]

from django.db import migrations, models

MAP = 'Which variable goes into which of its placeholders: {"1": "customer_name", "2": "order_id"}.'


class Migration(migrations.Migration):
    dependencies = [("notifications", "0012_approved_templates")]

    operations = [
        migrations.AddField(
            model_name="messagetemplate",
            name="approved_name",
            field=models.CharField(
                blank=True,
                help_text="Its name at MyOperator, for example order_confirmation. Only the chat API needs one.",
                max_length=512,
                verbose_name="approved template",
            ),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="approved_language",
            field=models.CharField(
                blank=True,
                help_text="As MyOperator writes it, for example en_US. Empty: that of this text.",
                max_length=16,
                verbose_name="its language",
            ),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="placeholders",
            field=models.JSONField(blank=True, default=dict, help_text=MAP),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="in_use",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]

from django.db import migrations, models

HELP = 'The approved template it goes by: {"name", "language", "values"}. Only the chat API has one.'


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_texts_name_approved_templates")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="approved",
            field=models.JSONField(blank=True, help_text=HELP, null=True),
        ),
    ]

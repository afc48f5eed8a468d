from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0020_texts_default_to_no_approved_template")]
    operations = [
        migrations.AddField(
            "messagekey", "reference", models.CharField(blank=True, db_default="", default="", max_length=100)
        ),
    ]

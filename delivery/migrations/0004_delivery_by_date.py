from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_agent_user")]
    operations = [
        migrations.AddIndex("delivery", models.Index(fields=["date", "id"], name="delivery_by_date")),
    ]

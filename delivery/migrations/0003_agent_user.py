import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_install_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "agent",
            "user",
            models.OneToOneField(
                blank=True,
                help_text="Whoever signs in as this user sees and works the deliveries given to this agent.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="delivery_agent",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0004_delivery_by_date")]
    operations = [
        migrations.AddField(
            "delivery", "not_delivered_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "delivery",
            "reason",
            models.CharField(
                blank=True,
                choices=[
                    ("nobody_home", "nobody home"),
                    ("door_locked", "door or gate locked"),
                    ("address_not_found", "address not found"),
                    ("damaged", "damaged on the way"),
                    ("out_of_stock", "out of stock"),
                    ("other", "other: see the note"),
                ],
                db_default="",
                default="",
                editable=False,
                max_length=20,
                verbose_name="why not",
            ),
        ),
        migrations.AddField(
            "delivery",
            "note",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For the route sheet: ring twice. Or what happened at the door.",
                max_length=200,
            ),
        ),
    ]

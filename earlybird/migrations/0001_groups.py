"""Support, Content and Operations. What each may do is given after the migrations, when there are permissions."""

from django.db import migrations, models

GROUPS = ("Support", "Content", "Operations")


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="GivenRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=150)),
                ("right", models.CharField(max_length=150)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("group", "right"), name="right_given_once")],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, remove_groups),
    ]

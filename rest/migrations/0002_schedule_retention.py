from django.db import migrations

NAME = "Forget what has had its time (idempotency keys)"
TASK, BEFORE = "rest.tasks.forget", "notifications.tasks.forget"


def take_over(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).update(task=TASK)


def give_back(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).update(task=BEFORE)


class Migration(migrations.Migration):
    dependencies = [
        ("rest", "0001_initial"),
        ("notifications", "0005_schedule_retention"),
    ]

    operations = [migrations.RunPython(take_over, give_back)]

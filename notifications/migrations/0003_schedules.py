from django.db import migrations

# name, task, seconds between, queue. A tick that waited longer than its own interval says nothing new.
JOBS = (
    ("Send what is due (a safety net: nudges do this at once)", "notifications.tasks.dispatch", 10),
    ("Find messages whose worker died, and messages past their time", "notifications.tasks.sweep", 10),
    ("Apply receipts (a safety net: nudges do this at once)", "notifications.tasks.apply_receipts", 10),
    ("Add up the statistics", "notifications.tasks.fold_statistics", 60),
)


def install(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, task, seconds in JOBS:
        every, _ = Interval.objects.get_or_create(every=seconds, period="seconds")
        Task.objects.get_or_create(
            name=name, defaults={"task": task, "interval": every, "expire_seconds": seconds}
        )


def remove(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=[j[0] for j in JOBS]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_unlogged_person_pace"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]

    operations = [migrations.RunPython(install, remove)]

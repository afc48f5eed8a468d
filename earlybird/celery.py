"""The Celery application. It carries nudges, never facts: losing Redis loses no message."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlybird.settings")

app = Celery("earlybird")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""The other side of row 2, the usual design: a Celery task per message, `requests.post`, ORM get and save."""

import os

import requests
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlybird.settings")

app = Celery("usual")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(ignore_result=True)
def send(message_id: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from notifications.models import Message

    message = Message.objects.get(pk=message_id)
    answer = requests.post(
        f"{settings.MYOPERATOR_BASE_URL}/whatsapp/send-message",
        json={
            "phone_number": message.phone,
            "message": message.text,
            "account_id": settings.MYOPERATOR_ACCOUNT_ID,
        },
        headers={"X-API-Key": settings.MYOPERATOR_API_KEY, "X-API-Secret": settings.MYOPERATOR_API_SECRET},
        timeout=15,
    )
    answer.raise_for_status()
    message.status = "sent"
    message.sent_at = timezone.now()
    message.save()

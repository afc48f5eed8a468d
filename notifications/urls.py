from django.urls import path

from notifications import webhooks
from notifications.api.bulk import SendBulk
from notifications.api.health import Health
from notifications.api.history import History, HistoryOfPhone
from notifications.api.messages import SendMessage
from notifications.api.preferences import Preferences
from notifications.api.queue import ProcessQueue
from notifications.api.resend import Resend
from notifications.api.statistics import Statistics
from notifications.api.templates import OneTemplate, Templates

urlpatterns = [
    path("webhooks/myoperator", webhooks.myoperator),
    path("webhooks/myoperator/<path:secret>", webhooks.myoperator),
    path("api/notifications/send-message", SendMessage.as_view()),
    path("api/notifications/send-bulk", SendBulk.as_view()),
    path("api/notifications/resend/<str:message_id>", Resend.as_view()),
    path("api/notifications/process-queue", ProcessQueue.as_view()),
    path("api/notifications/preferences/<str:phone>", Preferences.as_view()),
    path("api/notifications/history", History.as_view()),
    path("api/notifications/history/<str:phone>", HistoryOfPhone.as_view()),
    path("api/notifications/statistics", Statistics.as_view()),
    path("api/notifications/templates", Templates.as_view()),
    path("api/notifications/templates/<str:type>", OneTemplate.as_view()),
    path("api/notifications/health", Health.as_view()),
]

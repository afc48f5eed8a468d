from django.urls import path

from notifications import webhooks

urlpatterns = [
    path("webhooks/myoperator", webhooks.myoperator),
    path("webhooks/myoperator/<str:secret>", webhooks.myoperator),
]

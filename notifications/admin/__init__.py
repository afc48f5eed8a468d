"""What staff see. They read here, and what they do goes through `notifications.staff` or a model's own rules."""

from django.contrib import admin

from notifications.admin import (
    approved,
    channel,
    consent,
    erasure,
    kinds,
    messages,
    preferences,
    replies,
    templates,
    webhooks,
)

__all__ = [
    "approved",
    "channel",
    "consent",
    "erasure",
    "kinds",
    "messages",
    "preferences",
    "replies",
    "templates",
    "webhooks",
]

admin.site.site_header = admin.site.site_title = "EarlyBird"
admin.site.index_title = "The desk"

"""Who brings it."""

from django.contrib import admin

from backoffice.pages import Numbered
from delivery.models import Agent


@admin.register(Agent)
class AgentAdmin(Numbered):
    watched = True
    list_display = ("name", "number", "user")
    list_select_related = ("user",)
    search_fields = ("name", "phone")
    search_help_text = "Name or number."
    fields = ("name", "phone", "user")
    labels = {"user": "Signs in as"}
    nothing = "Who brings the orders stands here: add the first agent."
    autocomplete_fields = ("user",)

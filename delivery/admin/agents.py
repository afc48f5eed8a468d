"""Who brings it."""

from django.contrib import admin

from backoffice.pages import Numbered
from delivery.models import Agent


@admin.register(Agent)
class AgentAdmin(Numbered):
    list_display = ("name", "number", "user")
    list_select_related = ("user",)
    search_fields = ("name", "phone")
    fields = ("name", "phone", "user")
    autocomplete_fields = ("user",)

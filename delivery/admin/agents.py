"""Who brings it."""

from django.contrib import admin

from delivery.models import Agent
from orders.desk import Choosing


@admin.register(Agent)
class AgentAdmin(Choosing, admin.ModelAdmin):
    list_display = ("name", "phone", "user")
    list_select_related = ("user",)
    search_fields = ("name", "phone")
    autocomplete_fields = ("user",)

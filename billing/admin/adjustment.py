"""Putting money right."""

from django.contrib import admin

from billing.admin.recorded import Recorded
from billing.models import Adjustment


@admin.register(Adjustment)
class AdjustmentAdmin(Recorded):
    list_display = ("customer", "rupees", "reason", "bill", "order", "by", "created_at")
    list_select_related = ("customer", "bill__customer", "order", "by")
    search_fields = ("=id", "customer__name", "customer__phone", "reason", "bill__number")
    search_help_text = "The customer's name or number, a reason, or a bill's number."
    date_hierarchy = "created_at"
    labels = {"amount": "Rupees"}
    nothing = "What puts an account right without money moving: a credit for sour milk, a charge that was forgotten."
    autocomplete_fields = ("customer", "order")
    fields = ("customer", "amount", "reason", "order")

"""Putting money right."""

from django.contrib import admin

from billing.admin.recorded import Recorded
from billing.models import Adjustment


@admin.register(Adjustment)
class AdjustmentAdmin(Recorded):
    list_display = ("customer", "rupees", "reason", "bill", "order", "by", "created_at")
    list_select_related = ("customer", "bill__customer", "order", "by")
    search_fields = ("=id", "customer__name", "customer__phone", "reason", "bill__number")
    date_hierarchy = "created_at"
    autocomplete_fields = ("customer", "order")
    fields = ("customer", "amount", "reason", "order")

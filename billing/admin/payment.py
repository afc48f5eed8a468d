"""Money received, and money given back."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from billing.admin.recorded import Recorded, Shown
from billing.models import Payment, Refund
from orders.desk import Told


class RefundInline(Shown):
    model = Refund
    fields = readonly_fields = ("rupees", "method", "reason", "refunded_at")


@admin.register(Payment)
class PaymentAdmin(Told, Recorded):
    list_display = ("customer", "rupees", "method", "transaction_id", "month", "bill", "paid_at")
    list_filter = ("method", "month")
    list_select_related = ("customer", "bill__customer")
    search_fields = ("=id", "customer__name", "customer__phone", "transaction_id", "bill__number")
    date_hierarchy = "paid_at"
    autocomplete_fields = ("customer", "bill")
    readonly_fields = ("give_back",)

    def told_of(self, row):
        return f"payment_{row.pk}"

    def get_inlines(self, request, obj):
        return (RefundInline,) if obj else ()

    @admin.display(description="give it back")
    def give_back(self, payment):
        if not payment.pk:
            return "–"
        address = reverse("admin:billing_refund_add")
        given = f"payment={payment.pk}&customer={payment.customer_id}&method={payment.method}"
        return format_html('<a href="{}?{}">Refund this payment, or part of it</a>', address, given)


@admin.register(Refund)
class RefundAdmin(Recorded):
    list_display = ("customer", "rupees", "method", "transaction_id", "reason", "by", "refunded_at")
    list_filter = ("method",)
    list_select_related = ("customer", "by")
    search_fields = ("=id", "customer__name", "customer__phone", "transaction_id")
    date_hierarchy = "refunded_at"
    autocomplete_fields = ("customer", "payment")
    fields = ("customer", "payment", "amount", "method", "transaction_id", "reason")

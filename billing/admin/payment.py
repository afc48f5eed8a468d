"""Money received, and money given back."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from backoffice.filters import months_of
from backoffice.links import may_open
from billing.admin.recorded import Recorded, Shown
from billing.models import Payment, Refund
from orders.desk import Told


class RefundInline(Shown):
    model = Refund
    fields = readonly_fields = ("rupees", "method", "reason", "refunded_at")


@admin.register(Payment)
class PaymentAdmin(Told, Recorded):
    list_display = ("customer", "rupees", "method", "transaction_id", "for_month", "bill_number", "paid_at")
    list_filter = ("method", months_of("month"))
    list_select_related = ("customer", "bill__customer")
    search_fields = ("=id", "customer__name", "customer__phone", "transaction_id", "bill__number")
    search_help_text = "The customer's name or number, a bill's number, or the transaction."
    labels = {"amount": "Rupees", "month": "For the month", "transaction_id": "Transaction number"}
    nothing = "Record what customers pay here; the API records it too."
    autocomplete_fields = ("customer", "bill")
    fields = ("customer", "amount", "method", "transaction_id", "bill", "month", "paid_at")

    def told_of(self, row):
        return f"payment_{row.pk}"

    def get_inlines(self, request, obj):
        return (RefundInline,) if obj else ()

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields
        return (
            "customer", "rupees", "method", "transaction_id", "bill", "for_month", "paid_at", "give_back",
        )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return ("rupees", "for_month", "give_back") if obj else ()

    @admin.display(description="for", ordering="month")
    def for_month(self, payment):
        return f"{payment.month:%B %Y}" if payment.month else None

    @admin.display(description="bill", ordering="bill__number")
    def bill_number(self, payment):
        return payment.bill and format_html('<span class="day">{}</span>', payment.bill.number)

    @admin.display(description="give it back")
    def give_back(self, payment):
        address = reverse("admin:billing_refund_add")
        if not payment.pk or not may_open(address):
            return "–"
        given = f"payment={payment.pk}&customer={payment.customer_id}&method={payment.method}"
        return format_html(
            '<a class="button quiet" href="{}?{}">Refund it, or part of it</a>', address, given
        )


@admin.register(Refund)
class RefundAdmin(Recorded):
    list_display = ("customer", "rupees", "method", "transaction_id", "reason", "by", "refunded_at")
    list_filter = ("method",)
    list_select_related = ("customer", "by")
    search_fields = ("=id", "customer__name", "customer__phone", "transaction_id")
    search_help_text = "The customer's name or number, or the transaction."
    date_hierarchy = "refunded_at"
    labels = {"amount": "Rupees", "transaction_id": "Transaction number"}
    nothing = "Money that was given back. A payment's own page has a link that refunds it."
    autocomplete_fields = ("customer", "payment")
    fields = ("customer", "payment", "amount", "method", "transaction_id", "reason")

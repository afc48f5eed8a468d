"""Bills and payments. Money that was recorded is not edited."""

from django.contrib import admin

from billing import actions
from billing.models import Bill, Payment
from orders.admin import KeptAdmin


class PaymentInline(admin.TabularInline):
    model = Payment
    fields = readonly_fields = ("amount", "method", "transaction_id", "paid_at")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Bill)
class BillAdmin(KeptAdmin):
    list_display = ("customer", "month", "amount", "due_date", "status")
    list_filter = ("status", "month")
    list_select_related = ("customer",)
    search_fields = ("=id", "customer__name", "customer__phone")
    date_hierarchy = "due_date"
    autocomplete_fields = ("customer",)
    readonly_fields = ("status", "outstanding")
    inlines = (PaymentInline,)

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, *(("customer", "month") if obj else ()))

    @admin.display(description="still to pay")
    def outstanding(self, bill):
        return f"₹{bill.outstanding}" if bill.pk else "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.settle(form.instance)


@admin.register(Payment)
class PaymentAdmin(KeptAdmin):
    list_display = ("customer", "amount", "method", "month", "bill", "paid_at")
    list_filter = ("method", "month")
    list_select_related = ("customer", "bill__customer")
    search_fields = ("=id", "customer__name", "customer__phone", "transaction_id")
    date_hierarchy = "paid_at"
    autocomplete_fields = ("customer", "bill")

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

"""Bills: each with all that is on it, and as a page to print."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from backoffice import marks
from backoffice.filters import months_of
from backoffice.links import link
from backoffice.masking import shown
from backoffice.pages import Kept
from billing import actions, upi
from billing.admin.recorded import Shown, account_link
from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from billing.rupees import written
from billing.sums import with_sums
from orders.desk import OfAPerson, Told


class PaymentInline(Shown):
    model = Payment
    fields = readonly_fields = ("rupees", "method", "transaction_id", "paid_at")


class AdjustmentInline(Shown):
    model = Adjustment
    fields = readonly_fields = ("rupees", "reason", "created_at")


class RefundInline(Shown):
    model = Refund
    fields = readonly_fields = ("rupees", "method", "reason", "refunded_at")


class DisputeInline(Shown):
    model = Dispute
    fields = readonly_fields = ("what", "status", "outcome", "opened_at")


FIELDS = (
    (None, {"fields": ("number", "customer", "account", "period", "standing", "due_date", "to_print")}),
    ("What is to pay", {"fields": ("before", "for_orders", "put_right", "rupees", "owed")}),
    ("What else there is", {"fields": ("carried", "disputed")}),
)


@admin.register(Bill)
class BillAdmin(Told, OfAPerson, Kept):
    list_display = ("named", "customer", "period", "rupees", "owed", "due_date", "standing")
    list_filter = ("status", months_of("month"), ("carried_to", admin.EmptyFieldListFilter))
    list_select_related = ("customer",)
    search_fields = ("=id", "number", "customer__name", "customer__phone")
    search_help_text = "A bill's number, or the customer's name or number."
    nothing = "The bills of a month are made on the first of the next, by a daily job."
    autocomplete_fields = ("customer",)
    inlines = (PaymentInline, AdjustmentInline, RefundInline, DisputeInline)

    def get_queryset(self, request):
        return with_sums(super().get_queryset(request)).select_related("customer", "carried_to")

    def told_of(self, row):
        return row.number  # those about what was paid for it too

    def get_fieldsets(self, request, obj=None):
        return FIELDS if obj else ((None, {"fields": ("customer", "month", "amount", "due_date")}),)

    def get_readonly_fields(self, request, obj=None):
        shown = (name for _, options in FIELDS for name in options["fields"])
        return tuple(name for name in shown if name != "due_date") if obj else ()

    def get_inlines(self, request, obj):
        """Those that have rows: a heading over nothing says nothing."""
        if obj is None:
            return ()
        return [inline for inline in self.inlines if inline.model.objects.filter(bill=obj).exists()]

    def get_urls(self):
        to_print = self.admin_site.admin_view(self.print_view)
        return [path("<int:pk>/print/", to_print, name="billing_bill_print"), *super().get_urls()]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.settle(form.instance)

    def print_view(self, request, pk):
        """The bill as the customer gets it."""
        bill = get_object_or_404(Bill.objects.select_related("customer", "carried_to"), pk=pk)
        if not self.has_view_permission(request, bill):
            raise PermissionDenied
        return TemplateResponse(request, "admin/billing/bill/print.html", on_paper(bill))

    @admin.display(description="number", ordering="number")
    def named(self, bill):
        return format_html('<span style="white-space: nowrap">{}</span>', bill.number)

    @admin.display(description="status", ordering="status")
    def standing(self, bill):
        return marks.status(bill.status, bill.get_status_display())

    @admin.display(description="month", ordering="month")
    def period(self, bill):
        return f"{bill.month:%B %Y}"

    @admin.display(description="disputes about its orders")
    def disputed(self, bill):
        """Those about the bill itself are below."""
        found = Dispute.objects.filter(order__billed__bill=bill).select_related("order")
        lines = ((_linked(dispute), dispute.get_status_display().lower()) for dispute in found)
        return format_html_join("\n", "{}, {}<br>", lines) or "–"

    @admin.display(description="amount", ordering="amount")
    def rupees(self, bill):
        return marks.money(written(bill.amount))

    @admin.display(description="still to pay")
    def owed(self, bill):
        return marks.money(written(bill.owed))

    @admin.display(description="from before")
    def before(self, bill):
        return written(bill.previous_balance)

    @admin.display(description="orders")
    def for_orders(self, bill):
        return written(bill.charges)

    @admin.display(description="adjustments when it was made")
    def put_right(self, bill):
        return written(bill.adjustments)

    @admin.display(description="carried to")
    def carried(self, bill):
        if bill.carried_to is None:
            return "–"
        address = reverse("admin:billing_bill_change", args=(bill.carried_to_id,))
        return link(address, bill.carried_to.number)

    @admin.display(description="account")
    def account(self, bill):
        return account_link(bill.customer)

    @admin.display(description="on paper")
    def to_print(self, bill):
        return format_html(
            '<a class="button quiet" href="{}">Print, or save as PDF</a>',
            reverse("admin:billing_bill_print", args=(bill.pk,)),
        )


def _linked(dispute: Dispute) -> str:
    return link(reverse("admin:billing_dispute_change", args=(dispute.pk,)), dispute)


def on_paper(bill: Bill) -> dict:
    """What the printed bill says."""
    lines = bill.lines.select_related("order").prefetch_related("order__items__product")
    standing = bill.standing
    outstanding = max(standing, 0) if bill.carried_to is None else 0
    address = upi.link(bill, outstanding)
    return {
        "shop": settings.UPI_NAME or "EarlyBird",
        "bill": bill,
        "number": shown(bill.customer.phone),
        "lines": lines.order_by("order__delivered_at", "pk"),
        "adjustments": bill.adjusted_by.order_by("created_at", "pk"),
        "payments": bill.payments.order_by("paid_at", "pk"),
        "refunds": bill.refunds.order_by("refunded_at", "pk"),
        "outstanding": outstanding,
        "standing": standing,
        "credit": -min(standing, 0),
        "upi": address,
        "qr": upi.qr(address) if address else "",
    }

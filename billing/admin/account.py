"""A customer's account: the balance, and what moved it."""

from datetime import date, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from backoffice.links import may_open
from backoffice.masking import shown
from backoffice.pages import Kept, Numbered
from billing import account
from billing.models import Account, Bill
from billing.sums import with_sums
from notifications import registry
from orders import days

SHOWN = timedelta(days=92)


@admin.register(Account)
class AccountAdmin(Kept, Numbered):
    """Customers to look up; a page each, which changes nothing."""

    list_display = ("name", "number", "area")
    list_filter = ("area",)
    search_fields = ("name", "phone", "area", "bills__number")
    search_help_text = "Name, number, area, or a bill's number."
    nothing = "Every customer has an account."

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        customer = get_object_or_404(Account, pk=object_id) if object_id.isdecimal() else None
        if customer is None or not self.has_view_permission(request, customer):
            raise PermissionDenied
        since = _day(request.GET.get("since", "")) or days.today() - SHOWN
        opening, entries = account.ledger(customer.pk, since)
        context = self.admin_site.each_context(request) | {
            "title": f"Account of {customer}",
            "opts": self.opts,
            "original": customer,
            "customer": customer,
            "number": shown(customer.phone),
            "person": registry.person_of(customer.phone),
            "since": since,
            "earlier": since - SHOWN,
            "opening": opening,
            "entries": entries[::-1],
            "may_record": _recording(),
            "balance": account.balance(customer.pk),
            "bills": with_sums(Bill.objects.filter(customer=customer, carried_to=None)),
            "disputes": customer.disputes.filter(status="open").select_related("order", "bill"),
        }
        return TemplateResponse(request, "admin/billing/account/ledger.html", context)


def _recording() -> list[tuple[str, str]]:
    """(page, words) of what who looks may record for a customer."""
    pages = {"payment": "Record a payment", "adjustment": "Adjust", "refund": "Refund"}
    found = ((reverse(f"admin:billing_{model}_add"), words) for model, words in pages.items())
    return [(address, words) for address, words in found if may_open(address)]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) < day <= days.today() else None

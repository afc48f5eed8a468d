"""What customers say is wrong: recorded here or by API, and settled on a page of its own."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from backoffice import audit, marks
from backoffice.links import link, may_open
from backoffice.masking import shown_in
from backoffice.pages import Kept
from billing import actions
from billing.actions.dispute import check, to_credit
from billing.admin.recorded import account_link
from billing.models import Dispute
from billing.rupees import written
from orders.desk import Once


class DisputeForm(forms.ModelForm):
    class Meta:
        help_texts = {"order": "What it is about: one order,", "bill": "or a whole bill."}

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            return cleaned  # its page asks nothing; a browser may post it all the same
        about = cleaned.get("order") or cleaned.get("bill")
        if about:
            self.instance.customer = about.customer
        if not self.errors:
            check(Dispute(customer=about and about.customer, **cleaned))
        return cleaned


class CreditForm(forms.Form):
    amount = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0, label="Rupees")
    reason = forms.CharField(max_length=300, help_text="The customer reads it on the bill.")

    def settle(self, dispute, by):
        return actions.settle_by_adjustment(dispute, **self.cleaned_data, by=by)


class AgainForm(forms.Form):
    delivery_date = forms.DateField(
        label="On", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def settle(self, dispute, by):
        return actions.settle_by_redelivery(dispute, **self.cleaned_data, by=by)


class RefuseForm(forms.Form):
    reason = forms.CharField(max_length=300, help_text="The customer can read it.")

    def settle(self, dispute, by):
        return actions.refuse(dispute, **self.cleaned_data, by=by)


WAYS = {"adjustment": CreditForm, "redelivery": AgainForm, "refusal": RefuseForm}


@admin.register(Dispute)
class DisputeAdmin(Once, Kept):
    form = DisputeForm
    list_display = ("__str__", "customer", "standing", "outcome", "opened_at", "settled_at", "settle_link")
    list_filter = ("status", "what", "outcome")
    list_select_related = ("customer", "order", "bill")
    search_fields = ("=id", "customer__name", "customer__phone", "bill__number", "order__number")
    search_help_text = "The customer's name or number, or the number of the bill or the order."
    date_hierarchy = "opened_at"
    nothing = "What customers say is wrong with an order or a bill is recorded here, and settled."
    ordering = ("status", "-pk")  # open comes first
    autocomplete_fields = ("order", "bill")

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("order", "bill", "what", "words")
        return (
            "customer", "account", "about_link", "what", "words", "standing", "settle_link", "outcome", "credited",
            "redelivery", "reason", "opened_by", "opened_at", "settled_by", "settled_at",
        )  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else ()

    def get_urls(self):
        settle = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/settle/", settle, name="billing_dispute_settle"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """It is looked at; what can be done with it is done on its other page."""
        nothing_to_save = dict.fromkeys(
            ("show_save", "show_save_and_continue", "show_save_and_add_another"), False
        )
        return super().change_view(request, object_id, form_url, nothing_to_save | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        if not change:
            obj.opened_by = request.user
            super().save_model(request, obj, form, change)

    def settle_view(self, request, pk):
        """Three ways to end it, a form for each."""
        rows = Dispute.objects.select_related("customer", "order", "bill")
        dispute = get_object_or_404(rows, pk=pk)
        if not self.has_change_permission(request, dispute):
            raise PermissionDenied
        way = request.POST.get("way", "")
        most = to_credit(dispute)
        initial = {"adjustment": {"amount": most}}
        forms_of = {
            name: form(request.POST if name == way else None, initial=initial.get(name), auto_id=f"{name}_%s")
            for name, form in WAYS.items()
        }
        if way in forms_of and forms_of[way].is_valid() and self._settled(request, dispute, forms_of[way]):
            return HttpResponseRedirect(reverse("admin:billing_dispute_change", args=(pk,)))
        context = self.admin_site.each_context(request) | {
            "title": str(dispute),
            "opts": self.opts,
            "original": dispute,
            "dispute": dispute,
            "words": shown_in(dispute.words),
            "most": most,
            "forms": forms_of,
        }
        return TemplateResponse(request, "admin/billing/dispute/settle.html", context)

    def _settled(self, request, dispute, form) -> bool:
        try:
            with transaction.atomic():
                done = form.settle(dispute, request.user)
                audit.note(request.user, done, f"Settled: {done.get_outcome_display().lower()}.")
        except ValidationError as error:
            for field, sentences in error.message_dict.items():
                form.add_error(field if field in form.fields else None, sentences)
            return False
        self.message_user(request, f"{done} is {done.get_status_display().lower()}.", messages.SUCCESS)
        return True

    @admin.display(description="status", ordering="status")
    def standing(self, dispute):
        return marks.status(dispute.status, dispute.get_status_display())

    @admin.display(description="settle")
    def settle_link(self, dispute):
        address = reverse("admin:billing_dispute_settle", args=(dispute.pk,))
        if dispute.status != Dispute.Status.OPEN or not may_open(address):
            return "–"
        return format_html('<a href="{}" class="quiet-link">Settle…</a>', address)

    @admin.display(description="about")
    def about_link(self, dispute):
        model = "orders_order" if dispute.order_id else "billing_bill"
        address = reverse(f"admin:{model}_change", args=(dispute.order_id or dispute.bill_id,))
        about = dispute.about
        return link(address, about[0].upper() + about[1:])

    @admin.display(description="credited")
    def credited(self, dispute):
        return written(-dispute.adjustment.amount) if dispute.adjustment else "–"

    @admin.display(description="account")
    def account(self, dispute):
        return account_link(dispute.customer)

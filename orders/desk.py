"""What the desks of the shop do alike."""

import hashlib
import json
import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from unfold.decorators import action

from backoffice.pages import Admin
from notifications import clock, registry
from orders.actions import ERASED
from rest.models import IdempotencyKey


class Told:
    """The page of a row that customers are told of: it links to their messages about it. Asks no query.

    told_of  a row to the term that the log of messages finds them by: `order_77`, a bill's number
    """

    change_form_outer_before_template = "admin/orders/told.html"

    def told_of(self, row) -> str:
        raise NotImplementedError

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and request.user.has_perm("notifications.view_message"):
            found = urlencode({"q": self.told_of(obj)})
            context["messages_about"] = f"{reverse('admin:notifications_message_changelist')}?{found}"
        return super().render_change_form(request, context, add, change, form_url, obj)


def not_erased(form):
    """A form's `clean_customer`: nothing is brought to who was erased."""
    customer = form.cleaned_data["customer"]
    if customer.erased_at:
        raise ValidationError(ERASED)
    return customer


class Once(Admin):
    """Rows that are recorded once, however often their form is sent: nothing else tells two alike ones apart.

    The form carries a key. Who sends it again with the same words is led to the row that it made.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or object_id is not None or not self._key(request):
            new = {"once": secrets.token_urlsafe(16)} if object_id is None else {}
            return super().changeform_view(request, object_id, form_url, {**new, **(extra_context or {})})
        with transaction.atomic():
            request.key = self._taken(request)
            if request.key.made is not None:
                return self._made_before(request, request.key.made)
            kept = {"once": self._key(request), **(extra_context or {})}
            return super().changeform_view(request, None, form_url, kept)

    def log_addition(self, request, obj, message):
        """Only a row that is saved is logged."""
        if key := getattr(request, "key", None):
            key.made = obj.pk
            key.save()
        return super().log_addition(request, obj, message)

    @staticmethod
    def _key(request):
        return request.POST.get("once", "").replace("\0", "")[:100]

    def _taken(self, request):
        """Whoever sends it at the same moment waits here. With other words it is another row."""
        said = sorted(
            (name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
        )
        words = hashlib.sha256(json.dumps([request.path, said]).encode()).hexdigest()
        return IdempotencyKey.taken(request.user.pk, f"desk {self._key(request)} {words}", words, clock.now())

    def _made_before(self, request, pk):
        self.message_user(request, "It was recorded before. Nothing is there twice.", messages.WARNING)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=(pk,)))


class OfAPerson(Admin):
    """A row that is about a customer: a button on its page leads to theirs."""

    actions_detail = ("their_page",)

    def customer_of(self, row):
        return row.customer

    def has_meet_permission(self, request, object_id=None):
        # Named by a method: Unfold's check looks a permission's own name up in a database that may be still empty.
        return request.user.has_perm("orders.view_customer")

    @action(description="The customer's page", url_path="their-page", permissions=("meet",))
    def their_page(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        found = registry.person_of(self.customer_of(row).phone)
        if found is None:
            raise Http404
        return HttpResponseRedirect(found[1])

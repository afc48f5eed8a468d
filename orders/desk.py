"""What the desks of the shop do alike."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from unfold.decorators import action

from backoffice.pages import Admin
from notifications import registry
from orders.actions import ERASED


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

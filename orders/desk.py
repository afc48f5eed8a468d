"""What the desks of the shop do alike."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlencode

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

"""What the desks of the shop do alike."""

from django.core.exceptions import ValidationError

from orders.actions import ERASED


def not_erased(form):
    """A form's `clean_customer`: nothing is brought to who was erased."""
    customer = form.cleaned_data["customer"]
    if customer.erased_at:
        raise ValidationError(ERASED)
    return customer

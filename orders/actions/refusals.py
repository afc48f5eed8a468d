"""Why an action cannot be done. Each raises ValidationError, naming the field."""

from datetime import date

from django.core.exceptions import ValidationError

from orders import days
from orders.models import Customer, Product

ERASED = "This customer was erased at their own wish. Add them anew, if they are back."


def check_open(field: str, day: date) -> None:
    """Whether anything may still be ordered for a day."""
    if why := days.refusal(day):
        raise ValidationError({field: why})


def check_sold(field: str, product: Product, day: date) -> None:
    """Whether a product is to be had on a day."""
    if why := product.refusal(day):
        raise ValidationError({field: why})


def check_not_erased(customer: Customer) -> None:
    """Asked when the row that refers to the customer is there: whoever erases them meanwhile was waited for."""
    if Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists():
        raise ValidationError({"customer": ERASED})


def stands(why: str) -> ValidationError:
    """The refusal of what no other request would change: how the row stands."""
    return ValidationError({"status": ValidationError(why, code="state")})

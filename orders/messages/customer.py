"""What every message knows of its customer, and which numbers a sign-in user may see."""

from notifications.registry import Variable, phones_of
from orders.models import Customer

CUSTOMER_NAME = Variable("customer_name", "text", "Asha", "The customer's name")


@phones_of
def phones_of_customer(user) -> list[str]:
    """The number of the customer that staff bound this sign-in user to."""
    return list(Customer.objects.filter(user=user.pk).values_list("phone", flat=True)) if user.pk else []

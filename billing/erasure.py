"""What billing keeps of a person. Its rows are the books, and stay; only what names the person goes."""

from django.db.models import QuerySet
from django.dispatch import receiver

from billing.models import Bill, Payment
from notifications.signals import person_exported
from orders.erasure import unname
from orders.models import Customer
from orders.signals import customer_erased


@receiver(customer_erased)
def erase(sender, customer: Customer, **kwargs) -> dict[str, int]:
    """A transaction id may be made of the number, as UPI's addresses are."""
    unname(customer.bills.all())
    unname(customer.payments.all())
    number = customer.phone.removeprefix("+91").removeprefix("+")
    telling = customer.payments.filter(transaction_id__contains=number)
    return {"transaction_ids": telling.update(transaction_id="")}


@receiver(person_exported)
def kept(sender, phone: str, **kwargs) -> dict[str, QuerySet]:
    """Every row that is about the customer with this number, sort by sort."""
    return {
        "bills": Bill.objects.filter(customer__phone=phone).values(),
        "payments": Payment.objects.filter(customer__phone=phone).values(),
    }

"""What orders keeps of a person, and how it goes: who it was, not what was ordered and paid."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat, LPad
from django.dispatch import receiver

from notifications import clock
from notifications.signals import answers, person_erased, person_exported
from orders import actions, days
from orders.models import (
    Customer,
    Offer,
    Order,
    OrderItem,
    Subscription,
    SubscriptionOverride,
    SubscriptionPause,
)
from orders.signals import customer_erased

NAME = "erased"
# +999 is no country, and never will be: nobody can be reached there, and no form takes such a number.
NUMBER = Concat(Value("+999"), LPad(Cast("pk", CharField()), 12, Value("0")), output_field=CharField())


@receiver(person_erased)
def erase(sender, phone: str, accounts: set[int], **kwargs) -> dict[str, int]:
    """Stop whatever is still to be brought to this number, and leave its customer without name and address."""
    customer = Customer.objects.select_for_update().filter(phone=phone).first()
    if customer is None:
        return {"customers": 0}
    accounts |= {customer.user_id} - {None}
    _stop(customer)
    counts = answers(customer_erased, customer=customer)
    SubscriptionPause.objects.filter(subscription__customer=customer).update(reason="")
    Customer.objects.filter(pk=customer.pk).update(
        name=NAME, phone=NUMBER, user=None, area="", address="", erased_at=clock.now()
    )
    unname(Customer.objects.filter(pk=customer.pk))
    unname(customer.subscriptions.all())
    return {"customers": 1} | counts


def _stop(customer: Customer) -> None:
    running = customer.subscriptions.exclude(status=Subscription.Status.CANCELLED)
    for subscription in running.order_by("pk"):  # as whoever locks several does
        actions.end(subscription)
    ahead = customer.orders.filter(delivered_at=None, delivery_date__gte=days.today())
    for order in ahead.exclude(status=Order.Status.CANCELLED):
        actions.cancel(order)


def unname(rows: QuerySet) -> None:
    """The desk's own log calls rows by their names: let it forget those of these rows, not who changed what when."""
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    kind = ContentType.objects.get_for_model(rows.model)
    LogEntry.objects.filter(content_type=kind, object_id__in=ids).update(object_repr=NAME, change_message="")


@receiver(person_exported)
def kept(sender, phone: str, **kwargs) -> dict[str, QuerySet]:
    """Every row that is about the customer with this number, sort by sort."""
    of_customer = "customer__phone"
    found: Iterable[tuple[str, type[Model], str]] = (
        ("customers", Customer, "phone"),
        ("subscriptions", Subscription, of_customer),
        ("subscription_pauses", SubscriptionPause, f"subscription__{of_customer}"),
        ("subscription_overrides", SubscriptionOverride, f"subscription__{of_customer}"),
        ("offers", Offer, of_customer),
        ("orders", Order, of_customer),
        ("order_items", OrderItem, f"order__{of_customer}"),
    )
    return {name: model.objects.filter(**{path: phone}).values() for name, model, path in found}

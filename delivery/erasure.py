"""What delivery keeps of a person: when and where something was brought. That stays, and names nobody."""

from django.db.models import QuerySet
from django.dispatch import receiver

from delivery.models import Delivery
from notifications.signals import person_exported


@receiver(person_exported)
def kept(sender, phone: str, **kwargs) -> dict[str, QuerySet]:
    return {"deliveries": Delivery.objects.filter(order__customer__phone=phone).values()}

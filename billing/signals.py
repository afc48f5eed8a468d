"""A payment, a refund or an adjustment settles the bill it moves; a payment is thanked for."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from billing import actions, messages
from billing.models import Adjustment, Payment, Refund
from orders.signals import announces


@receiver(post_save, sender=Payment)
@receiver(post_save, sender=Refund)
@receiver(post_save, sender=Adjustment)
def settle_its_bill(sender, instance, raw, **kwargs) -> None:
    if instance.bill_id and not raw:
        actions.settle(instance.bill)


@announces(Payment)
def announce_payment(payment: Payment) -> None:
    messages.payment_received(payment)

"""What the demo's history lacks, for pages to have something to show. Run in a shop's environment, while it is open.

    python -m browser.staging

Everything is done as staff or customers do it; what comes of the messages is seen a moment later in the log.
"""

from datetime import timedelta
from decimal import Decimal

import django

REFUSED = "+919845000026"  # the sandbox says later that this number is not on WhatsApp
GONE = "+919845000099"


def stage() -> None:
    """Do all of it, once for a new shop."""
    from django.contrib.auth.models import User

    chitra = User.objects.get(username="chitra")
    _messages()
    _acts(chitra)
    _money(chitra)
    _kind(chitra)
    _announcement()
    _people(chitra)
    _templates()


def _messages() -> None:
    """One that cannot arrive, one that waits for tomorrow, one that staff hold."""
    from notifications import clock, outbox
    from notifications.models import QueuedMessage
    from orders import actions, days
    from orders.models import Customer, Product

    ravi = Customer.objects.create(
        name="Ravi Kulkarni", phone=REFUSED, area="Jayanagar", address="12, 4th Block"
    )
    milk = Product.objects.order_by("pk")[0]
    actions.place_order(ravi, days.today() + timedelta(days=1), [(milk, 2)])
    tomorrow = clock.now() + timedelta(hours=20)
    later = {"customer_name": "Asha Rao", "delivery_date": days.today().isoformat(), "area": "Indiranagar"}
    for reference in ("waits", "held"):
        message = outbox.queue(
            "delivery_reminder", to="+919876543210", variables=later, reference=reference, at=tomorrow,
            expires_at=tomorrow + timedelta(hours=2),
        )  # fmt: skip
    QueuedMessage.objects.filter(pk=message.pk).update(held_for="staff")


def _acts(chitra) -> None:
    """Something done to many messages, and something that is only looked at yet."""
    from backoffice import acts
    from notifications.models import Message

    off = Message.objects.filter(status="suppressed").values_list("pk", flat=True)[:5]
    failed = Message.objects.filter(status="failed").values_list("pk", flat=True)[:8]
    acts.confirm(acts.begin("give_up", list(off), chitra, "5 that were chosen in the log."), chitra)
    acts.begin("send_again", list(failed), chitra, "8 that were chosen in the log.")


def _money(chitra) -> None:
    from billing.actions import open_dispute, refuse
    from billing.models import Adjustment, Payment, Refund
    from orders.models import Order

    payment = Payment.objects.order_by("-pk")[0]
    Refund.objects.create(
        customer=payment.customer, payment=payment, amount=Decimal("20"), method="upi",
        reason="Paid twice by mistake", by=chitra,
    )  # fmt: skip
    orders = Order.objects.exclude(delivered_at=None).order_by("-pk")[:3]
    Adjustment.objects.create(
        customer=orders[0].customer,
        amount=Decimal("-30"),
        reason="A packet leaked",
        order=orders[0],
        by=chitra,
    )
    open_dispute(orders[1].customer, "damaged", "The curd was open.", order=orders[1], by=chitra)
    refused = open_dispute(orders[2].customer, "not_delivered", "Nothing came!", order=orders[2], by=chitra)
    refuse(refused, "The agent has the photo.", by=chitra)


def _kind(chitra) -> None:
    """A kind of staff's own, and another version of a text."""
    from notifications.models import CustomKind, MessageTemplate

    kind = CustomKind.objects.create(
        code="festival_hours", label="Festival hours", category="utility", preference="delivery",
        variables=[
            {"name": "customer_name", "kind": "text", "sample": "Asha"},
            {"name": "festival", "kind": "text", "sample": "Diwali"},
            {"name": "delivery_date", "kind": "date", "sample": "2026-11-08"},
        ], created_by=chitra,
    )  # fmt: skip
    text = (
        "🪔 Happy {{festival}}, {{customer_name}}!\nWe bring your milk an hour *later* on {{delivery_date}}."
    )
    MessageTemplate.objects.create(kind=kind.code, language="en", content=text)
    changed = MessageTemplate.objects.get(kind="order_confirmation", language="en")
    changed.content, changed.updated_by = "Thank you! Order *#{{order_id}}* is confirmed. 🥛", chitra
    changed.save()


def _announcement() -> None:
    """Planned, and not started."""
    from orders.models import Announcement, Product

    Announcement.objects.create(product=Product.objects.order_by("pk")[1])


def _people(chitra) -> None:
    """Somebody who asked to be forgotten, a till with a token, and a stranger who tried passwords."""
    from axes.models import AccessAttempt
    from django.contrib.auth.models import Group, User
    from knox.models import AuthToken

    from backoffice import audit
    from notifications import erasure, outbox
    from orders.models import Customer

    meera = Customer.objects.create(name="Meera Das", phone=GONE)
    audit.note(chitra, meera, "Wrote down by telephone that she wants to be forgotten.")
    outbox.opt_in(GONE)
    erasure.erase(GONE, by=chitra.username)
    group, _ = Group.objects.get_or_create(name="Support")
    bilal = User.objects.create_user("bilal", password="earlybird", first_name="Bilal", is_staff=True)  # noqa: S106
    bilal.groups.add(group)
    AuthToken.objects.create(chitra)
    AccessAttempt.objects.create(username="admin", ip_address="203.0.113.9", failures_since_start=5)


def _templates() -> None:
    """As MyOperator would list one; the sandbox has them for its other API only."""
    from notifications import clock
    from notifications.models import ApprovedTemplate

    ApprovedTemplate.objects.create(
        name="order_confirmation", language="en", category="utility", status="approved", quality="high",
        body="Hello {{1}}, your order {{2}} is confirmed.", synced_at=clock.now(),
    )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    stage()

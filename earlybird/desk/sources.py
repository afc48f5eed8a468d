"""What a customer's timeline is told from: each sort of row, in the words of who answers the telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst, get_text_list

from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from billing.rupees import written
from delivery.models import Delivery
from earlybird.desk.story import Entry, Place, Source, Whose
from notifications import headline, registry
from notifications.clock import day_of
from notifications.models import ConsentEvent, InboundMessage, Message
from orders.models import Offer, Order, Subscription, SubscriptionPause
from orders.pauses import span
from orders.pauses import written as day_written

BAD, GOOD, QUIET, WARN = "bad", "good", "quiet", "warn"
_TONES = {
    "sent": GOOD,
    "delivered": GOOD,
    "read": GOOD,
    "failed": BAD,
    "expired": QUIET,
    "suppressed": QUIET,
    "cancelled": QUIET,
}


def page_of(row: Any) -> str:
    """The admin page of a row."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))


def _theirs(model: Any, customer: str = "customer", *related: str) -> Callable[[Whose], QuerySet[Any] | None]:
    """Rows of this model that belong to the customer, if there is one."""

    def rows(whose: Whose) -> QuerySet[Any] | None:
        if whose.customer is None:
            return None
        found: QuerySet[Any] = model.objects.filter(**{customer: whose.customer})
        return found.select_related(*related) if related else found

    return rows


def _to(model: Any) -> Callable[[Whose], QuerySet[Any] | None]:
    """Rows of this model that are about the number."""
    return lambda whose: model.objects.filter(phone=whose.phone) if whose.phone else None


# --- messages ---------------------------------------------------------------------------------------------


def message(row: Message) -> Entry:
    kind = registry.get(row.kind)
    return Entry(
        title=kind.label if kind else row.kind,
        detail=headline.headline(row),
        link=page_of(row),
        icon="sms",
        tone=_TONES.get(row.status, WARN),
        text=row.text,
    )


def told(row: Message) -> Entry:
    """A message by itself, with the moment it was asked for."""
    return replace(message(row), place=Place(row.created_at, 0, row.pk))


def _reply(row: InboundMessage) -> Entry:
    return Entry("They wrote", link=page_of(row), icon="reply", text=row.text or str(row))


def _wish(row: ConsentEvent) -> Entry:
    said = f" They wrote: “{row.words}”" if row.words else ""
    return Entry(
        title=f"Wishes: {row.about}",
        detail=f"{capfirst(row.was)} → {row.became}, {row.get_how_display()}.{said}",
        link=page_of(row),  # no address of ours has a number in it
        icon="toggle_on",
        tone=WARN if row.act == ConsentEvent.Act.OPT_OUT else "",
        by=row.by,
    )


# --- orders and deliveries --------------------------------------------------------------------------------


def _orders(whose: Whose) -> QuerySet[Any] | None:
    rows = _theirs(Order, "customer", "placed_by")(whose)
    return None if rows is None else rows.prefetch_related("items__product")


def order(row: Order) -> Entry:
    items = get_text_list([str(item) for item in row.items.all()], "and")
    origin = "from subscriptions" if row.kind == Order.Kind.SUBSCRIPTION else "ordered"
    return Entry(
        title=f"Order {row} for {day_written(row.delivery_date)}",
        detail=f"{items}, {origin}" + (", cancelled since" if row.status == Order.Status.CANCELLED else ""),
        link=page_of(row),
        icon="shopping_basket",
        tone=QUIET if row.status == Order.Status.CANCELLED else "",
        money=written(row.total),
        by=row.placed_by.get_username() if row.placed_by else "",
    )


def _brought(row: Delivery) -> Entry:
    by = f" by {row.agent}" if row.agent else ""
    return Entry(f"Delivered{by}", f"Order {row.order}", page_of(row), icon="local_shipping", tone=GOOD)


def _not_brought(row: Delivery) -> Entry:
    why = row.get_reason_display()
    note = f": {row.note}" if row.note else ""
    return Entry(
        f"Not delivered: {why}", f"Order {row.order}{note}", page_of(row), icon="local_shipping", tone=BAD
    )


def _subscription(row: Subscription) -> Entry:
    return Entry(
        title=f"Subscribed to {row.quantity} × {row.product}",
        detail=f"{row.get_pattern_display()}, from {day_written(row.start)}"
        + (", cancelled since" if row.status == Subscription.Status.CANCELLED else ""),
        link=page_of(row),
        icon="event_repeat",
    )


def _pause(row: SubscriptionPause) -> Entry:
    why = f" “{row.reason}”" if row.reason else ""
    return Entry(
        title=f"Paused {row.subscription.product}",
        detail=f"{capfirst(str(span(row)))}.{why}",
        link=page_of(row.subscription),
        icon="pause_circle",
        tone=WARN,
    )


def _offer(row: Offer) -> Entry:
    until = day_written(day_of(row.until))
    used = f", used by order {row.order}" if row.order else ", earned" if row.earned_at else ""
    return Entry(f"Offered {row.percent} % off", f"Until {until}{used}", page_of(row), icon="sell")


# --- money ------------------------------------------------------------------------------------------------


def bill(row: Bill) -> Entry:
    detail = f"{capfirst(row.get_status_display())}, due {day_written(row.due_date)}"
    tone = BAD if row.status == Bill.Status.OVERDUE else ""
    return Entry(
        f"Bill {row.number} for {row.month:%B %Y}", detail, page_of(row), "receipt_long", tone,
        money=written(row.amount),
    )  # fmt: skip


def _payment(row: Payment) -> Entry:
    how = capfirst(f"{row.get_method_display()} {row.transaction_id}".strip())
    return Entry("Paid", how, page_of(row), icon="payments", tone=GOOD, money=written(row.amount))


def _refund(row: Refund) -> Entry:
    how = f"{capfirst(row.get_method_display())}: {row.reason}".rstrip(": ")
    return Entry("Given back", how, page_of(row), icon="undo", money=written(row.amount))


def _adjustment(row: Adjustment) -> Entry:
    title = "Credit" if row.amount < 0 else "Charged"
    return Entry(title, row.reason, page_of(row), icon="tune", money=written(row.amount))


def _dispute(row: Dispute) -> Entry:
    words = f"{row.get_status_display()}. “{row.words}”" if row.words else row.get_status_display()
    tone = WARN if row.status == Dispute.Status.OPEN else ""
    return Entry(f"Complaint: {row}", capfirst(words), page_of(row), icon="gavel", tone=tone)


def _settled(row: Dispute) -> Entry:
    detail = f"{capfirst(row.get_outcome_display())}. {row.reason}".strip()
    return Entry(f"Complaint closed: {row}", detail, page_of(row), icon="gavel")


MESSAGES, ORDERS, MONEY = "messages", "orders", "money"
SOURCES: tuple[Source, ...] = (
    Source(
        ORDERS, "orders.view_subscription", "created_at",
        _theirs(Subscription, "customer", "product"), _subscription,
    ),
    Source(
        ORDERS, "orders.view_subscription", "created_at",
        _theirs(SubscriptionPause, "subscription__customer", "subscription__product"), _pause,
    ),
    Source(ORDERS, "orders.view_order", "created_at", _orders, order),
    Source(ORDERS, "orders.view_offer", "made_at", _theirs(Offer, "customer", "order"), _offer),
    Source(
        ORDERS, "delivery.view_delivery", "delivered_at",
        _theirs(Delivery, "order__customer", "order", "agent"), _brought,
    ),
    Source(
        ORDERS, "delivery.view_delivery", "not_delivered_at",
        _theirs(Delivery, "order__customer", "order"), _not_brought,
    ),
    Source(MONEY, "billing.view_bill", "created_at", _theirs(Bill), bill),
    Source(MONEY, "billing.view_payment", "paid_at", _theirs(Payment), _payment),
    Source(MONEY, "billing.view_refund", "refunded_at", _theirs(Refund), _refund),
    Source(MONEY, "billing.view_adjustment", "created_at", _theirs(Adjustment), _adjustment),
    Source(
        MONEY, "billing.view_dispute", "opened_at", _theirs(Dispute, "customer", "order", "bill"), _dispute
    ),
    Source(
        MONEY, "billing.view_dispute", "settled_at", _theirs(Dispute, "customer", "order", "bill"), _settled
    ),
    Source(MESSAGES, "notifications.view_message", "created_at", _to(Message), message),
    Source(MESSAGES, "notifications.view_inboundmessage", "received_at", _to(InboundMessage), _reply),
    Source(MESSAGES, "notifications.view_consentevent", "at", _to(ConsentEvent), _wish),
)  # fmt: skip

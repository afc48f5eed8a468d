"""What was delivered and billed stays so, whatever anybody does to it: the bill charges for it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from billing import account
from billing.models import Bill
from billing.tests.conftest import api, asha, chitra, desk, milk, over_bills, run_bills
from delivery import actions as deliveries
from delivery.models import Delivery
from notifications import erasure
from orders import actions, days
from orders.models import Customer, Order, Subscription

__all__ = ["api", "asha", "chitra", "desk", "milk"]
pytestmark = pytest.mark.django_db
DESK, API = "/admin/delivery/delivery/", "/api/deliveries"


@pytest.fixture
def order(asha, milk):
    """Asha's order of today: brought, and on her bill."""
    subscription = Subscription.objects.create(customer=asha, product=milk, start=days.today())
    order = actions.place_order(asha, days.today(), [(milk, 2)])
    Order.objects.update(kind="subscription")
    order.items.update(subscription=subscription)
    deliveries.mark_delivered(order.delivery)
    run_bills(f"{days.today():%Y-%m}")
    order.refresh_from_db()
    return order


def refused(act, *given, **named):
    with pytest.raises(ValidationError), transaction.atomic():
        act(*given, **named)


def by_the_page_of_the_delivery(order, desk, api):
    form = {"slot_start": "06:00", "slot_end": "08:00", "area": "", "eta_0": "", "eta_1": "", "note": ""}
    odd = {"status": "pending", "delivered_at_0": "", "delivered_at": "", "delivered_at_1": ""}
    assert desk.post(f"{DESK}{order.delivery.pk}/change/", form | odd).status_code == 302


def by_the_page_of_the_order(order, desk, api):
    odd = {"delivered_at": "", "status": "cancelled", "customer": order.customer_id}
    assert desk.post(f"/admin/orders/order/{order.pk}/change/", odd).status_code == 403


def from_the_list_of_deliveries(order, desk, api):
    why = {"asked": 1, "reason": "nobody_home"}
    for action in ("mark_not_delivered", "send_out", "mark_delivered"):
        desk.post(DESK, why | {"action": action, "_selected_action": order.delivery.pk})


def from_the_list_of_orders(order, desk, api):
    desk.post("/admin/orders/order/", {"action": "cancel", "_selected_action": order.pk})


def by_api(order, desk, api):
    one = f"{API}/{order.delivery.pk}"
    assert api.post(f"{one}/mark-not-delivered", {"reason": "nobody_home"}, format="json").status_code == 409
    assert api.post(f"/api/orders/{order.pk}/cancel").status_code == 409
    assert api.post(f"{API}/mark-delivered", {"ids": [order.delivery.pk]}, format="json").status_code == 200
    assert api.patch(one, {"delivered_at": None, "status": "pending"}, format="json").status_code == 200


def by_actions(order, desk, api):
    refused(deliveries.mark_not_delivered, order.delivery, "nobody_home")
    refused(deliveries.delay, order.delivery, order.delivery.slot_ends_at + timedelta(days=1))
    refused(actions.cancel, order)
    deliveries.call_off(order)
    deliveries.plan([order])
    deliveries.mark_many(Delivery.objects.all())


def by_a_pause(order, desk, api):
    actions.pause(Subscription.objects.get(), days.today() + timedelta(days=1))


def by_an_erasure(order, desk, api):
    erasure.erase(order.customer.phone, by="chitra")


WAYS = (
    by_the_page_of_the_delivery,
    by_the_page_of_the_order,
    from_the_list_of_deliveries,
    from_the_list_of_orders,
    by_api,
    by_actions,
    by_a_pause,
    by_an_erasure,
)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_takes_back_that_it_was_delivered(order, desk, api, way):
    way(order, desk, api)

    now, delivery, bill = Order.objects.get(), Delivery.objects.get(), Bill.objects.get()
    assert (now.delivered_at, now.status, now.total) == (order.delivered_at, "confirmed", order.total)
    assert (delivery.status, delivery.delivered_at) == ("delivered", order.delivered_at)
    customer = Customer.objects.get()
    assert account.balance(customer.pk) == bill.charges == order.total == over_bills(customer)

from datetime import timedelta

import pytest
from django.urls import reverse

from notifications import registry
from notifications.models import Message
from orders import actions, days
from orders.models import Customer, Order, Product, Subscription

pytestmark = pytest.mark.django_db
NO_ITEMS = {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0}
NO_DAYS = {
    f"{name}-{form}": 0 for name in ("pauses", "overrides") for form in ("TOTAL_FORMS", "INITIAL_FORMS")
}
ADD_ORDER = "/admin/orders/order/add/"
ADD_SUBSCRIPTION = "/admin/orders/subscription/add/"


@pytest.fixture
def form(asha, milk, tomorrow):
    """An order of two milks as the browser posts it."""
    items = {"items-0-product": milk.pk, "items-0-quantity": 2}
    return {"customer": asha.pk, "delivery_date": tomorrow.isoformat()} | NO_ITEMS | items


def test_an_order_placed_in_admin_ends_confirmed_and_announced(desk, form, chitra, texts_of):
    assert desk.post(ADD_ORDER, form).status_code == 302
    order = Order.objects.get()
    assert (order.status, str(order.total), order.placed_by) == ("confirmed", "65.00", chitra)
    assert texts_of("order_confirmation") == [f"Order #{order.number} confirmed"]


def test_an_order_without_items_gets_a_clear_error(desk, form):
    del form["items-0-product"]
    answer = desk.post(ADD_ORDER, form)
    assert "Add at least one item" in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "1001", "two", ""])
def test_a_wrong_quantity_is_refused_in_the_form(desk, form, quantity):
    assert desk.post(ADD_ORDER, form | {"items-0-quantity": quantity}).status_code == 200
    assert not Order.objects.exists()


def test_an_order_for_a_day_that_is_over_is_refused_in_the_form(desk, form):
    yesterday = days.today() - timedelta(days=1)
    assert "This day is over" in desk.post(ADD_ORDER, form | {"delivery_date": yesterday}).content.decode()


def test_an_order_for_a_day_more_than_a_year_ahead_is_refused_in_the_form(desk, form):
    for day in ("9999-12-31", days.today() + timedelta(days=366)):
        assert "more than a year" in desk.post(ADD_ORDER, form | {"delivery_date": day}).content.decode()
    assert desk.post(ADD_ORDER, form | {"delivery_date": days.today() + days.AHEAD}).status_code == 302


def test_an_order_of_a_product_that_is_not_there_yet_is_refused_in_the_form(desk, form, milk, tomorrow):
    Product.objects.update(available_from=tomorrow + timedelta(days=1))
    assert "is there only from" in desk.post(ADD_ORDER, form).content.decode()
    assert not Order.objects.exists()


def test_a_product_that_is_twice_in_an_order_is_refused_in_the_form(desk, form, milk):
    twice = {"items-TOTAL_FORMS": 2, "items-1-product": milk.pk, "items-1-quantity": 1}
    assert "in the order already" in desk.post(ADD_ORDER, form | twice).content.decode()
    assert not Order.objects.exists()


def test_an_order_for_a_customer_who_was_erased_is_refused_in_the_form(desk, form):
    Customer.objects.update(erased_at="2026-11-01T10:00+05:30")
    assert "was erased at their own wish" in desk.post(ADD_ORDER, form).content.decode()
    assert not Order.objects.exists()


def test_the_page_of_an_order_has_no_rows_to_fill_in(desk, order):
    page = desk.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert "items-0-quantity" not in page


def test_orders_are_cancelled_from_the_list(desk, order):
    answer = desk.post(
        "/admin/orders/order/", {"action": "cancel", "_selected_action": order.pk}, follow=True
    )
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert "1 order cancelled" in answer.content.decode()


def test_an_order_that_cannot_be_cancelled_is_named(desk, order):
    Order.objects.update(delivered_at="2026-12-01T07:00+05:30")
    answer = desk.post(
        "/admin/orders/order/", {"action": "cancel", "_selected_action": order.pk}, follow=True
    )
    assert f"Order {order.number} is delivered already" in answer.content.decode()


def test_a_customers_bad_phone_is_an_error_beside_the_phone(desk):
    answer = desk.post("/admin/orders/customer/add/", {"name": "Asha", "phone": "12345", "language": "en"})
    assert "phone" in answer.context["adminform"].form.errors


def test_a_customers_phone_is_typed_with_room_for_spaces(desk):
    desk.post(
        "/admin/orders/customer/add/", {"name": "Asha", "phone": "+91 - 98765 - 43210", "language": "en"}
    )
    assert Customer.objects.get().phone == "+919876543210"


def test_a_subscription_made_in_admin_is_confirmed(desk, asha, milk, tomorrow, texts_of):
    fields = {"customer": asha.pk, "product": milk.pk, "quantity": 1, "start": tomorrow}
    days_chosen = {"pattern": "custom_days", "weekdays": ["0", "3"]}
    assert desk.post(ADD_SUBSCRIPTION, fields | days_chosen | NO_DAYS).status_code == 302
    assert Subscription.objects.get().weekdays == [0, 3]
    assert len(texts_of("subscription_confirmation")) == 1


def test_chosen_weekdays_without_any_are_an_error_and_not_a_crash(desk, asha, milk, tomorrow):
    fields = {"customer": asha.pk, "product": milk.pk, "quantity": 1, "start": tomorrow}
    answer = desk.post(ADD_SUBSCRIPTION, fields | {"pattern": "custom_days"} | NO_DAYS)
    assert "Choose at least one weekday" in answer.content.decode()


def test_a_pause_recorded_in_admin_pauses_and_tells_the_customer(desk, subscription, texts_of):
    pause = {
        "pauses-TOTAL_FORMS": 1,
        "pauses-0-from_date": days.today(),
        "pauses-0-subscription": subscription.pk,
    }
    fields = {"customer": subscription.customer_id, "product": subscription.product_id, "quantity": 1}
    fields |= {"pattern": "daily", "start": subscription.start}
    address = f"/admin/orders/subscription/{subscription.pk}/change/"
    assert desk.post(address, fields | NO_DAYS | pause).status_code == 302
    subscription.refresh_from_db()
    assert subscription.status == "paused"
    assert texts_of("pause_confirmation") == ["⏸️ Subscription paused until you resume"]


def test_a_subscription_is_resumed_from_the_list(desk, subscription):
    actions.pause(subscription, days.today() - timedelta(days=2))
    desk.post("/admin/orders/subscription/", {"action": "resume", "_selected_action": subscription.pk})
    subscription.refresh_from_db()
    assert subscription.status == "active"


@pytest.mark.parametrize("model", [Customer, Product, Subscription, Order])
def test_staff_can_list_search_add_and_open(desk, order, subscription, model):
    name = f"admin:orders_{model._meta.model_name}"
    row = model.objects.first()
    for address in (
        reverse(f"{name}_changelist"),
        reverse(f"{name}_changelist") + "?q=asha",
        reverse(f"{name}_add"),
        reverse(f"{name}_change", args=(row.pk,)),
    ):
        assert desk.get(address).status_code == 200


@pytest.mark.parametrize("prefix", ["order", "subscription", "product"])
def test_a_messages_reference_leads_to_its_row(desk, order, subscription, milk, prefix):
    row = {"order": order, "subscription": subscription, "product": milk}[prefix]
    assert desk.get(registry.link_of(f"{prefix}_{row.pk}")).status_code == 200


def test_a_reference_that_is_no_row_leads_nowhere():
    assert registry.link_of("order_abc") is None


def test_a_failing_announcement_leaves_no_half_order(desk, form, monkeypatch):
    monkeypatch.setattr("orders.messages.order_confirmed", lambda order: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.post(ADD_ORDER, form)
    assert not Order.objects.exists()
    assert not Message.objects.exists()


def test_an_order_shows_its_total_in_rupees_and_its_status_in_colour(desk, order):
    Order.objects.filter(pk=order.pk).update(total="123456.50")

    page = desk.get("/admin/orders/order/").content.decode()

    assert '<span class="money">₹1,23,456.50</span>' in page
    assert '<span class="status is-confirmed">Confirmed</span>' in page


def test_orders_are_found_by_their_day(desk, order):
    assert order.number in desk.get("/admin/orders/order/?delivery_date_in=tomorrow").content.decode()
    assert order.number not in desk.get("/admin/orders/order/?delivery_date_in=yesterday").content.decode()


def test_who_adds_an_order_is_asked_only_for_what_they_can_say(desk):
    page = desk.get(ADD_ORDER).content.decode()

    assert "Delivery date" in page
    assert "Placed by" not in page


def test_who_or_what_was_ordered_has_no_button_to_delete_it(desk, order, asha, milk):
    for row, model in ((asha, "customer"), (milk, "product")):
        own = f"/admin/orders/{model}/{row.pk}"
        assert f"{own}/delete/" not in desk.get(f"{own}/change/").content.decode()


def test_a_product_that_nobody_ordered_is_deleted(desk):
    curd = Product.objects.create(name="Curd", unit="400 g", price="40")

    desk.post(f"/admin/orders/product/{curd.pk}/delete/", {"post": "yes"})

    assert not Product.objects.filter(pk=curd.pk).exists()

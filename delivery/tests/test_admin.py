from datetime import timedelta

import pytest
from django.urls import reverse

from delivery.models import Agent, Delivery
from notifications import clock, registry
from orders import days

pytestmark = pytest.mark.django_db
LIST = "/admin/delivery/delivery/"


@pytest.fixture
def form(delivery):
    """Asha's delivery as the browser posts it, unchanged."""
    return {"slot_start": "06:00", "slot_end": "08:00", "area": delivery.area, "eta_0": "", "eta_1": ""}


def test_a_later_eta_typed_in_admin_tells_the_customer(desk, delivery, form, texts_of):
    eta = {"eta_0": delivery.date, "eta_1": "09:30"}
    assert desk.post(f"{LIST}{delivery.pk}/change/", form | eta).status_code == 302
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:30 AM"]


def test_an_agent_chosen_in_admin_tells_nobody(desk, delivery, form, bilal, texts_of):
    desk.post(f"{LIST}{delivery.pk}/change/", form | {"agent": bilal.pk})
    delivery.refresh_from_db()
    assert delivery.agent == bilal
    assert texts_of("delivery_delayed") == []


def test_saving_the_page_unchanged_changes_nothing(desk, delivery, form):
    assert desk.post(f"{LIST}{delivery.pk}/change/", form).status_code == 302


def test_deliveries_are_marked_delivered_from_the_list(desk, delivery, texts_of):
    desk.post(LIST, {"action": "mark_delivered", "_selected_action": delivery.pk})
    assert Delivery.objects.get().status == "delivered"
    assert len(texts_of("delivery_confirmed")) == 1


def test_deliveries_are_delayed_from_the_list(desk, delivery, texts_of):
    for _ in range(2):
        desk.post(LIST, {"action": "delay", "_selected_action": delivery.pk})
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 8:30 AM", "⏰ Delivery ETA: 9:00 AM"]


def test_a_delivery_that_is_late_already_is_delayed_from_now(desk, delivery):
    Delivery.objects.update(date=days.today() - timedelta(days=1))
    desk.post(LIST, {"action": "delay", "_selected_action": delivery.pk})
    assert Delivery.objects.get().eta > clock.now()


def test_a_delivery_that_is_over_is_named_and_the_others_are_delayed(desk, delivery):
    desk.post(LIST, {"action": "mark_delivered", "_selected_action": delivery.pk})
    answer = desk.post(LIST, {"action": "delay", "_selected_action": delivery.pk}, follow=True)
    assert "is delivered" in answer.content.decode()


@pytest.mark.parametrize("model", [Agent, Delivery])
def test_staff_can_list_search_and_open(desk, delivery, bilal, model):
    name = f"admin:delivery_{model._meta.model_name}"
    row = model.objects.get()
    for address in (
        reverse(f"{name}_changelist"),
        reverse(f"{name}_changelist") + "?q=9876",
        reverse(f"{name}_change", args=(row.pk,)),
    ):
        assert desk.get(address).status_code == 200


def test_a_messages_reference_leads_to_the_order(desk, delivery):
    assert desk.get(registry.link_of(f"order_{delivery.order_id}")).status_code == 200

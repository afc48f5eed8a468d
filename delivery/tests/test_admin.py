from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery import actions
from delivery.models import Agent, Delivery
from notifications import registry
from orders import actions as orders
from orders import days

pytestmark = pytest.mark.django_db
LIST = "/admin/delivery/delivery/"


@pytest.fixture
def form(delivery):
    """Asha's delivery as the browser posts it, unchanged."""
    return {
        "slot_start": "06:00",
        "slot_end": "08:00",
        "area": delivery.area,
        "eta_0": "",
        "eta_1": "",
        "note": "",
    }


def test_a_later_eta_typed_in_admin_tells_the_customer(desk, delivery, form, texts_of):
    eta = {"eta_0": delivery.date, "eta_1": "09:30"}
    assert desk.post(f"{LIST}{delivery.pk}/change/", form | eta).status_code == 302
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:30 AM"]


def eta_refused(desk, delivery, form, at):
    """What the form says of an ETA that it does not take."""
    answer = desk.post(
        f"{LIST}{delivery.pk}/change/", form | {"eta_0": f"{at:%Y-%m-%d}", "eta_1": f"{at:%H:%M}"}
    )
    delivery.refresh_from_db()
    assert (answer.status_code, delivery.eta) == (200, None)
    return answer.content.decode()


def test_an_eta_that_is_over_or_before_the_slot_is_refused_in_the_form(desk, delivery, form, texts_of):
    starts = timezone.localtime(delivery.slot_starts_at)
    assert "This moment is over" in eta_refused(desk, delivery, form, starts - timedelta(days=9))
    assert "before the slot" in eta_refused(desk, delivery, form, starts - timedelta(minutes=1))
    assert "more than 2 days after" in eta_refused(desk, delivery, form, starts + timedelta(days=400))
    assert texts_of("delivery_delayed") == []


def test_what_is_delivered_is_given_no_eta_in_the_form(desk, delivery, form, later):
    actions.mark_delivered(delivery)
    assert "It is delivered" in eta_refused(desk, delivery, form, timezone.localtime(later))


def test_a_known_eta_does_not_stand_in_the_way_of_other_changes(desk, delivery, form, later):
    actions.delay(delivery, later)
    eta = timezone.localtime(later)
    known = {"eta_0": f"{eta:%Y-%m-%d}", "eta_1": f"{eta:%H:%M:%S}", "note": "Ring twice"}
    actions.mark_delivered(delivery)
    assert desk.post(f"{LIST}{delivery.pk}/change/", form | known).status_code == 302
    assert Delivery.objects.get().note == "Ring twice"


def test_deliveries_are_found_by_the_number_of_their_order(desk, order, delivery, imrans):
    said = desk.get(LIST, {"q": order.number}).content.decode()
    assert order.number in said
    assert imrans.order.number not in said


def test_an_agent_chosen_in_admin_tells_nobody(desk, delivery, form, bilal, texts_of):
    desk.post(f"{LIST}{delivery.pk}/change/", form | {"agent": bilal.pk})
    delivery.refresh_from_db()
    assert delivery.agent == bilal
    assert texts_of("delivery_delayed") == []


def test_saving_the_page_unchanged_changes_nothing(desk, delivery, form):
    assert desk.post(f"{LIST}{delivery.pk}/change/", form).status_code == 302


@pytest.fixture
def of_today(delivery, imrans):
    """As they are brought: what is of a day to come is not marked from the list."""
    Delivery.objects.update(date=days.today())


def test_deliveries_of_a_day_to_come_are_not_marked_from_the_list(desk, delivery, imrans, texts_of):
    Delivery.objects.filter(pk=imrans.pk).update(date=days.today())
    chosen = {"action": "mark_delivered", "_selected_action": [delivery.pk, imrans.pk]}
    said = desk.post(LIST, chosen, follow=True).content.decode()
    assert "1 delivery is of a day to come, and left as it is." in said
    assert "1 delivery marked as delivered." in said
    assert dict(Delivery.objects.values_list("pk", "status")) == {
        delivery.pk: "pending",
        imrans.pk: "delivered",
    }
    assert len(texts_of("delivery_confirmed")) == 1


def test_deliveries_are_marked_delivered_from_the_list(desk, of_today, delivery, texts_of):
    desk.post(LIST, {"action": "mark_delivered", "_selected_action": delivery.pk})
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    assert len(texts_of("delivery_confirmed")) == 1


def test_a_delivery_that_cannot_be_marked_is_named_and_the_others_are_marked(
    desk, of_today, order, delivery, imrans
):
    orders.cancel(order)
    answer = desk.post(
        LIST, {"action": "mark_delivered", "_selected_action": [delivery.pk, imrans.pk]}, follow=True
    )
    assert f"The delivery of order {order} is cancelled." in answer.content.decode()
    assert "1 delivery marked as delivered." in answer.content.decode()


def test_deliveries_are_sent_out_from_the_list(desk, delivery, texts_of):
    desk.post(LIST, {"action": "send_out", "_selected_action": delivery.pk})
    assert Delivery.objects.get().status == "out_for_delivery"
    assert texts_of("delivery_delayed") == texts_of("delivery_confirmed") == []


def test_why_they_were_not_delivered_is_asked_first(desk, delivery):
    chosen = {"action": "mark_not_delivered", "_selected_action": delivery.pk}
    asked = desk.post(LIST, chosen)
    assert "nobody home" in asked.content.decode()
    assert Delivery.objects.get().status == "pending"
    desk.post(LIST, chosen | {"asked": 1, "reason": "nobody_home", "note": "Rang twice"})
    row = Delivery.objects.get()
    assert (row.status, row.reason, row.note) == ("not_delivered", "nobody_home", "Rang twice")


def test_another_reason_needs_a_note(desk, delivery):
    chosen = {"action": "mark_not_delivered", "_selected_action": delivery.pk, "asked": 1}
    answer = desk.post(LIST, chosen | {"reason": "other", "note": ""})
    assert "Say in a few words what happened." in answer.content.decode()
    assert Delivery.objects.get().status == "pending"


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


def test_the_list_says_the_hour_alone_where_the_day_stands_beside_it(desk, delivery, later):
    actions.delay(delivery, later)

    page = desk.get(LIST).content.decode()

    assert '<span class="status is-pending">Pending</span>' in page
    assert f"{timezone.localtime(later):%-I:%M %p}" in page


def test_the_filter_by_area_offers_where_customers_live(desk, delivery):
    assert f"?area={delivery.area.replace(' ', '%20')}" in desk.get(LIST).content.decode().replace("+", "%20")


def test_the_page_of_a_delivery_leads_to_the_messages_about_its_order(admin_client, delivery):
    html = admin_client.get(f"{LIST}{delivery.pk}/change/").content.decode()

    assert f'?q=order_{delivery.order_id}">Messages about this</a>' in html


def test_a_delay_that_came_while_the_page_was_open_is_not_taken_back(desk, delivery):
    page = f"/admin/delivery/delivery/{delivery.pk}/change/"
    form = desk.get(page).context["adminform"].form
    shown = {"area": "", "agent": "", "slot_start": "06:00", "slot_end": "08:00", "eta_0": "", "eta_1": ""}
    actions.delay(delivery, days.moment(delivery.date, time(9)))

    answer = desk.post(page, shown | {"note": "gate code 4", "as_seen": form.as_seen})

    assert "9:00 AM now" in answer.content.decode()
    assert Delivery.objects.get().eta is not None

"""A whole route worked from its sheet: given to an agent, sent out, delayed; and who may."""

import pytest
from django.contrib.auth.models import Permission, User

from delivery.models import Delivery
from delivery.tests.test_route_sheet import SHEET, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client):
    """Django admin, with staff signed in who have these permissions."""

    def make(*codenames):
        user = User.objects.create_user("dev", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return make


def test_an_areas_unassigned_stops_are_given_to_an_agent(desk, his, imrans, bilal, tomorrow):
    back = f"date={tomorrow}&area=Jayanagar"
    asked = {"date": tomorrow, "area": "Jayanagar", "agent": bilal.pk, "back": back}
    answer = desk.post(f"{SHEET}assign/", asked)
    assert answer["Location"] == f"{SHEET}?{back}"
    imrans.refresh_from_db()
    assert imrans.agent == bilal


def test_stops_without_an_area_are_assigned_alone(desk, delivery, imrans, bilal, tomorrow):
    Delivery.objects.filter(pk=delivery.pk).update(area="")
    for area in ("-", ""):
        desk.post(f"{SHEET}assign/", {"date": tomorrow, "area": area, "agent": bilal.pk})
    assert [row.agent for row in Delivery.objects.order_by("pk")] == [bilal, None]


def test_without_an_agent_nothing_is_assigned(desk, imrans, tomorrow):
    answer = desk.post(f"{SHEET}assign/", {"date": tomorrow, "area": "Jayanagar"}, follow=True)
    assert "Choose an agent." in answer.content.decode()


def test_a_route_is_sent_out(desk, his, imrans, tomorrow):
    desk.post(f"{SHEET}send-out/", {"date": tomorrow, "area": "Indiranagar", "agent": his.agent_id})
    assert [row.status for row in Delivery.objects.order_by("pk")] == ["out_for_delivery", "pending"]


def test_the_way_back_leads_nowhere_else(desk, imrans, tomorrow):
    answer = desk.post(f"{SHEET}send-out/", {"date": tomorrow, "back": "https://elsewhere.example/?a=1"})
    assert answer["Location"].startswith(f"{SHEET}?")


@pytest.mark.parametrize("work", ["assign", "send-out", "delay"])
@pytest.mark.parametrize("day", ["", "soon", "0001-01-01"])
def test_stops_of_no_day_are_worked_on_by_no_button_and_it_is_said(desk, his, bilal, work, day):
    asked = {"date": day, "area": "Jayanagar", "agent": bilal.pk}
    answer = (desk.get if work == "delay" else desk.post)(f"{SHEET}{work}/", asked, follow=True)
    assert answer.redirect_chain == [(SHEET, 302)]
    assert "Nothing was done. date: " in answer.content.decode()
    assert Delivery.objects.get().status == "pending"


def test_delaying_an_area_says_first_how_many_customers_are_told(desk, delivery, imrans, tomorrow, texts_of):
    address = f"{SHEET}delay/?date={tomorrow}&area=Indiranagar"
    asked = desk.get(address)
    assert asked.context["foreseen"].customers == 1
    assert texts_of("delivery_delayed") == []

    counted = desk.post(address, {"asked": 1, "until": f"{tomorrow}T07:30", "count": 1})
    assert counted.context["foreseen"].customers == 0
    assert texts_of("delivery_delayed") == []

    answer = desk.post(address, {"asked": 1, "until": f"{tomorrow}T09:30", "apply": 1}, follow=True)
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 9:30 AM"]
    assert "1 delivery delayed; 1 customer is told." in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{}, {"minutes": 30, "until": "2030-01-01T09:30"}, {"minutes": 0}, {"minutes": "x"}, {"until": "soon"}],
)
def test_a_delay_that_makes_no_sense_is_asked_for_again(desk, delivery, tomorrow, wrong):
    answer = desk.post(f"{SHEET}delay/?date={tomorrow}", {"asked": 1, "apply": 1} | wrong)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Delivery.objects.get().eta is None


def test_chosen_deliveries_are_delayed_from_the_list(desk, delivery, imrans, texts_of):
    chosen = {"action": "delay", "_selected_action": [delivery.pk, imrans.pk]}
    asked = desk.post("/admin/delivery/delivery/", chosen)
    assert asked.context["foreseen"].customers == 2
    desk.post("/admin/delivery/delivery/", chosen | {"asked": 1, "minutes": 45, "apply": 1})
    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 8:45 AM"] * 2


def test_a_delay_that_is_pressed_twice_is_told_once(desk, delivery, imrans, texts_of):
    chosen = {"action": "delay", "_selected_action": [delivery.pk, imrans.pk]}
    kept = dict(desk.post("/admin/delivery/delivery/", chosen).context["kept"])
    pressed = chosen | {"asked": 1, "minutes": 45, "apply": 1, "seen": kept["seen"]}

    desk.post("/admin/delivery/delivery/", pressed)
    again = desk.post("/admin/delivery/delivery/", pressed)

    assert texts_of("delivery_delayed") == ["⏰ Delivery ETA: 8:45 AM"] * 2
    assert "were delayed since you looked" in again.content.decode()
    assert again.context["foreseen"].customers == 2
    desk.post("/admin/delivery/delivery/", pressed | {"seen": dict(again.context["kept"])["seen"]})
    assert texts_of("delivery_delayed")[2:] == ["⏰ Delivery ETA: 9:30 AM"] * 2


def test_the_sheet_is_linked_from_the_list_and_from_the_first_page(desk, delivery):
    for address in ("/admin/", "/admin/delivery/delivery/"):
        assert SHEET in desk.get(address).content.decode()


def test_who_may_view_deliveries_sees_the_sheet_and_changes_nothing(worker, delivery, tomorrow):
    desk = worker("view_delivery")
    html = page(desk, date=tomorrow)
    assert "Asha" in html
    assert "Delay" not in html
    for way in ("assign/", "send-out/", f"delay/?date={tomorrow}"):
        assert desk.post(f"{SHEET}{way}", {"date": tomorrow}).status_code == 403


def test_who_may_not_see_numbers_finds_them_masked_on_the_sheet_and_in_its_file(worker, delivery, tomorrow):
    desk = worker("view_delivery")
    for answer in (desk.get(SHEET, {"date": tomorrow}), desk.get(SHEET, {"date": tomorrow, "format": "csv"})):
        assert "+91••••••3210" in answer.content.decode()
        assert "43210" not in answer.content.decode()


def test_other_staff_do_not_see_it(worker, delivery):
    assert worker("view_order").get(SHEET).status_code == 403

"""A day's route sheet: who looks at it, prints it, loads by it, and works a whole route from it."""

import csv
import io
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery import actions
from delivery.areas import Counted, counted, load
from delivery.models import Delivery
from delivery.sheet import safe, sheet_of
from delivery.tests.test_marking import many
from orders import actions as orders
from orders import days
from orders.models import Customer, Order, OrderItem, Product

pytestmark = pytest.mark.django_db
SHEET = "/admin/delivery/delivery/route-sheet/"


def page(desk, **asked):
    answer = desk.get(SHEET, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(answer):
    """A CSV as a list of its rows, each by its header."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_stop_shows_all_it_takes_at_the_door(desk, his, order, tomorrow):
    Customer.objects.update(address="12, 100 Feet Road")
    Delivery.objects.update(note="Ring twice")
    html = page(desk, date=tomorrow)
    for shown in (
        "Asha",
        "98765 43210",
        "12, 100 Feet Road",
        "Cow milk 500 ml",
        str(order),
        "Ring twice",
        "Bilal",
    ):
        assert shown in html


def test_stops_are_grouped_by_area_and_agent_and_what_nobody_has_comes_last(
    his, imrans, asha, milk, tomorrow
):
    orders.place_order(asha, tomorrow, [(milk, 1)])
    sheet = sheet_of(Delivery.objects.all())
    found = [(each.area, each.agent and each.agent.name, len(each.stops)) for each in sheet.rounds]
    assert found == [("Indiranagar", "Bilal", 1), ("Indiranagar", None, 1), ("Jayanagar", None, 1)]
    assert [area.unassigned for area in sheet.areas] == [1, 1]


def test_an_area_written_in_capitals_is_the_same_area(delivery, imrans):
    Delivery.objects.filter(pk=imrans.pk).update(area="INDIRANAGAR")
    assert len(sheet_of(Delivery.objects.all()).areas) == 1


def test_neighbours_come_one_after_the_other(milk, tomorrow):
    addresses = ("9, Park Street", "30 Lake Road", "100, Park Street", "#4, Lake Road", "", "Old Mill")
    rows = many(milk, tomorrow, len(addresses))
    for row, address in zip(rows.order_by("pk"), addresses, strict=True):
        Customer.objects.filter(pk=row.order.customer_id).update(address=address)
    found = [stop.customer.address for stop in sheet_of(rows).stops]
    assert found == ["", "#4, Lake Road", "30 Lake Road", "Old Mill", "9, Park Street", "100, Park Street"]


def test_what_to_load_is_the_sum_of_the_items(his, imrans, asha, milk, tomorrow):
    eggs = Product.objects.create(name="Eggs", unit="6 pieces", price=54)
    orders.place_order(asha, tomorrow, [(milk, 3), (eggs, 2)])
    sheet = sheet_of(Delivery.objects.all())
    assert sheet.load == [(milk, 6), (eggs, 2)]
    assert [each.load for each in sheet.rounds] == [[(milk, 2)], [(milk, 3), (eggs, 2)], [(milk, 1)]]


def test_a_cancelled_delivery_is_not_on_the_sheet(desk, order, tomorrow):
    orders.cancel(order)
    assert "Asha" not in page(desk, date=tomorrow)


def test_what_became_of_a_stop_is_said(desk, delivery, imrans, tomorrow, later):
    actions.mark_not_delivered(delivery, "nobody_home", "Rang twice")
    actions.delay(imrans, later)
    html = page(desk, date=tomorrow)
    assert "Not delivered: nobody home." in html
    assert "Expected at 09:00" in html


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ({"area": "Indiranagar"}, "Asha", "Imran"),
        ({"area": "Jayanagar"}, "Imran", "Asha"),
        ({"agent": 0}, "Imran", "Asha"),
        ({"agent": "his"}, "Asha", "Imran"),
    ],
)
def test_it_is_asked_for_by_area_and_agent(desk, his, imrans, tomorrow, asked, shown, hidden):
    asked = {name: his.agent_id if value == "his" else value for name, value in asked.items()}
    html = page(desk, date=tomorrow, **asked)
    assert shown in html
    assert hidden not in html


def test_those_without_an_area_are_a_group_of_their_own(desk, delivery, imrans, tomorrow):
    Delivery.objects.filter(pk=delivery.pk).update(area="")
    html = page(desk, date=tomorrow, area="-")
    assert "Asha" in html
    assert "Imran" not in html


def test_a_day_without_deliveries_says_so(desk, tomorrow):
    assert "Nothing is to be brought on" in page(desk, date=tomorrow)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"date": day} for day in ("soon", "", "0001-01-01", "9999-12-31", "\x00")),
        *({"agent": agent} for agent in ("x", -1, 10**30)),
        {"area": "x" * 101},
        {"area": "\x00"},
    ],
)
def test_a_question_that_makes_no_sense_is_answered_with_the_usual_day(desk, wrong):
    assert "Route sheet" in page(desk, **wrong)


@pytest.mark.parametrize(
    ("clock", "ahead"), [(time(5), 0), (time(11, 59), 0), (time(12), 1), (time(21, 30), 1)]
)
def test_until_noon_it_is_todays_sheet_and_then_tomorrows(desk, monkeypatch, clock, ahead):
    today = days.today()
    monkeypatch.setattr("notifications.clock.now", lambda: days.moment(today, clock))
    assert desk.get(SHEET).context["route"].day == today + timedelta(days=ahead)


def test_a_thousand_stops_take_as_many_statements_as_ten(desk, milk, tomorrow):
    many(milk, tomorrow, 10)
    desk.get(SHEET)
    counts = []
    for copies in (0, 990):
        copy_stops(copies)
        with CaptureQueriesContext(connection) as captured:
            html = page(desk, date=tomorrow)
        counts.append(len(captured))
    assert "<strong>1000</strong> stops" in html
    assert counts[0] == counts[1] <= 10


def copy_stops(number):
    """So many stops more, in seven areas."""
    day, milk = Delivery.objects.first().date, Product.objects.get()
    customers = Customer.objects.bulk_create(
        Customer(name=f"C{n}", phone=f"+9199000{n:05d}", area=f"Area {n % 7}") for n in range(number)
    )
    placed = Order.objects.bulk_create(
        Order(number=f"EB-{n}", customer=customer, delivery_date=day, status="confirmed", total=1)
        for n, customer in enumerate(customers, Order.objects.count())
    )
    OrderItem.objects.bulk_create(OrderItem(order=order, product=milk, price=1) for order in placed)
    actions.plan(placed)


def test_the_csv_has_a_row_for_each_stop(desk, his, imrans, tomorrow):
    answer = desk.get(SHEET, {"date": tomorrow, "format": "csv"})
    assert answer["Content-Disposition"] == f'attachment; filename="route-sheet-{tomorrow}.csv"'
    first, second = rows_of(answer)
    assert (first["Area"], first["Agent"], first["Stop"], first["Phone"]) == (
        "Indiranagar",
        "Bilal",
        "1",
        "98765 43210",
    )
    assert (second["Customer"], second["Agent"], second["Items"]) == ("Imran", "", "1 × Cow milk 500 ml")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", "＠", "\t", "\r"])
def test_no_cell_of_the_csv_is_a_formula(desk, delivery, tomorrow, begins):
    Customer.objects.update(name=f"{begins}HYPERLINK(1)", address=f"{begins}1", phone="+14155550123")
    (row,) = rows_of(desk.get(SHEET, {"date": tomorrow, "format": "csv"}))
    assert row["Customer"].startswith(f"'{begins}")
    assert row["Address"].startswith(f"'{begins}")
    assert row["Phone"] == "'+14155550123"


def test_what_is_no_formula_stays_as_it_is():
    assert [safe(cell) for cell in ("Asha", "", 7, "a=b")] == ["Asha", "", "7", "a=b"]


def test_what_is_in_html_is_shown_as_it_is_written(desk, delivery, tomorrow):
    Customer.objects.update(name="<b>Asha</b>")
    assert "<b>Asha</b>" not in page(desk, date=tomorrow)


def test_a_day_of_too_many_stops_is_shown_by_its_areas(
    desk, milk, delivery, imrans, bilal, tomorrow, monkeypatch
):
    monkeypatch.setattr("delivery.areas.MOST", 1)
    Delivery.objects.filter(pk=delivery.pk).update(area="INDIRANAGAR")
    Delivery.objects.filter(pk=imrans.pk).update(area="")
    named = many(milk, tomorrow, 3).filter(order__customer__name="N0")
    named.update(area="Indiranagar", agent=bilal)
    html = page(desk, date=tomorrow)

    assert "Choose an area" in html
    assert "<strong>5</strong> stops" in html
    assert "98450 00001" not in html
    assert f"?date={tomorrow}&amp;area=-" in html
    indiranagar, nowhere = counted(Delivery.objects.all())
    assert (indiranagar.stops, indiranagar.unassigned) == (2, 1)
    assert nowhere == Counted("", 3, 3)
    assert "98450 00000" in page(desk, date=tomorrow, area=indiranagar.name)


def test_its_csv_has_all_of_them_and_what_to_load_is_the_same(
    desk, milk, delivery, imrans, tomorrow, monkeypatch
):
    many(milk, tomorrow, 3)
    Delivery.objects.filter(pk=delivery.pk).update(area="INDIRANAGAR")
    rows = Delivery.objects.all()
    asked, expected = {"date": tomorrow, "format": "csv"}, load(rows)
    whole = rows_of(desk.get(SHEET, asked))
    monkeypatch.setattr("delivery.areas.MOST", 1)

    assert rows_of(desk.get(SHEET, asked)) == whole
    assert len(whole) == 5
    assert expected == sheet_of(rows).load

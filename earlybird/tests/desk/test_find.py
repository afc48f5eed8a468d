"""“A customer calls”: whatever was typed leads to their page."""

from datetime import date

import pytest

from billing.models import Bill
from earlybird.tests.desk.conftest import FIND, page_of
from notifications import erasure, outbox, registry
from notifications.models import Message
from orders.models import Customer

pytestmark = pytest.mark.django_db
ASHA, NOBODY = "+919876543210", "+919876543299"
BOTH = ("orders.view_customer", "notifications.view_message")


def asked(client, text):
    return client.get(FIND, {"q": text})


@pytest.mark.parametrize(
    "typed", ["98765 43210", "098765-43210", "+91 98765 43210", "9876543210 ", "९८७६५४३२१०"]
)
def test_a_number_in_any_form_leads_to_its_customer(desk, asha, typed):
    assert asked(desk, typed).url == page_of(asha)


def test_a_number_that_no_customer_has_leads_to_a_page_of_its_own(desk, asha):
    response = desk.get(FIND, {"q": "98765 43299"}, follow=True)

    assert response.redirect_chain == [("/admin/desk/person/?phone=%2B919876543299", 302)]
    assert "No customer has this number." in response.content.decode()


@pytest.mark.parametrize("typed", ["Asha", "asha", "sh"])
def test_the_only_customer_of_a_name_is_shown_at_once(desk, asha, typed):
    assert asked(desk, typed).url == page_of(asha)


def test_of_several_one_is_chosen(desk, asha):
    rao = Customer.objects.create(name="Asha Rao", phone="98765 43217", area="Jayanagar")

    html = asked(desk, "asha").content.decode()

    assert "2 customers called “asha”" in html
    assert page_of(asha) in html
    assert page_of(rao) in html


def test_of_very_many_the_first_are_shown_and_that_there_are_more(desk):
    Customer.objects.bulk_create(Customer(name=f"Asha {n:02}", phone=f"+9198765{n:05}") for n in range(25))

    response = asked(desk, "asha")

    assert [one.name for one in response.context["found"]] == [f"Asha {n:02}" for n in range(20)]
    assert "There are more." in response.content.decode()


def test_an_orders_number_leads_to_its_customer_with_the_order_on_top(desk, order):
    message = Message.objects.get(reference_id=f"order_{order.pk}")
    for typed in (order.number, f"#{order.number.lower()}", f"order_{order.pk}"):
        response = asked(desk, typed)
        assert response.url == f"{page_of(order.customer)}?order={order.pk}"

    found = desk.get(response.url).context["highlight"]

    assert order.number in found.entry.title
    assert [entry.text for entry in found.messages] == [message.text]


def test_a_bills_number_leads_to_its_customer_with_the_bill_on_top(desk, asha):
    bill = Bill.objects.create(
        customer=asha, month=date(2026, 11, 1), amount="450", due_date=date(2999, 1, 1)
    )

    response = asked(desk, bill.number)

    assert response.url == f"{page_of(asha)}?bill={bill.pk}"
    assert bill.number in desk.get(response.url).context["highlight"].entry.title


def test_a_messages_id_leads_to_its_customer_with_the_message_on_top(desk, order):
    message = Message.objects.get()

    response = asked(desk, message.public_id)

    assert response.url == f"{page_of(order.customer)}?message={message.pk}"
    assert desk.get(response.url).context["highlight"].entry.text == message.text


def test_a_message_to_nobody_we_know_leads_to_its_number(desk):
    message = told(NOBODY)

    assert asked(desk, message.public_id).url == f"/admin/desk/person/?message={message.pk}"


@pytest.mark.parametrize(
    "typed", ["Nobody Known", "msg_1", "EB-20200101-0001", "12345", "'; --", "%", "<b>x</b>"]
)
def test_what_is_nothing_is_said_and_shown_as_it_was_typed(desk, asha, typed):
    response = asked(desk, typed)

    assert response.status_code == 200
    html = response.content.decode()
    assert "That is too short." in html or "Nobody was found" in html
    assert "<b>x</b>" not in html


@pytest.mark.parametrize("typed", ["", "\x00", "a", "msg_99999999999999999999", "x" * 5000, "order_0"])
def test_odd_input_is_answered_with_a_page(desk, typed):
    assert asked(desk, typed).status_code == 200


def test_who_may_see_no_customer_and_no_message_finds_nobody(as_dev):
    assert asked(as_dev("orders.view_order"), ASHA).status_code == 403


def test_who_sees_only_messages_comes_to_the_number_not_to_the_customer(as_dev, asha):
    dev = as_dev("notifications.view_message")

    assert asked(dev, ASHA).url.startswith("/admin/desk/person/?phone=")
    assert asked(dev, "Asha").context["found"] == []
    assert dev.get(page_of(asha)).status_code == 403


def test_who_may_not_see_orders_is_not_led_by_one(as_dev, order):
    assert "Nobody was found" in asked(as_dev(*BOTH), order.number).content.decode()


def test_who_may_not_see_numbers_sees_them_masked(as_dev, asha):
    Customer.objects.create(name="Asha Rao", phone="98765 43217")
    dev = as_dev(*BOTH)

    found, page = asked(dev, "asha").content.decode(), dev.get(page_of(asha)).content.decode()

    assert "+91••••••3210" in found
    assert "+91••••••3210" in page
    assert "9876543210" not in found + page


def test_a_masked_page_of_a_number_never_writes_it_out(as_dev):
    message = told(NOBODY)

    html = as_dev(*BOTH).get(f"/admin/desk/person/?message={message.pk}").content.decode()

    assert "+91••••••3299" in html
    assert "9876543299" not in html


def test_of_a_number_that_was_erased_it_is_said(desk):
    told(NOBODY)
    erasure.erase(NOBODY, "chitra")

    assert "was erased on" in desk.get("/admin/desk/person/", {"phone": NOBODY}).content.decode()


def test_a_message_leads_to_whom_it_was_for(asha):
    assert registry.person_of(ASHA) == ("Asha", page_of(asha))
    assert registry.person_of(NOBODY) is None  # nobody looks who may see it in an address


def test_from_the_front_page_to_the_answer_it_is_two_clicks(desk, order):
    Message.objects.update(status="failed", error="WhatsApp does not know this number.")
    form = desk.get("/admin/").content.decode()
    assert f'action="{FIND}"' in form

    page = desk.get(FIND, {"q": "98765 43210"}, follow=True).content.decode()  # the first

    assert "Not sent: WhatsApp does not know this number." in page
    story = f"/admin/notifications/message/{Message.objects.get().pk}/change/"
    assert story in page
    assert desk.get(story).status_code == 200  # the second


def told(phone):
    return outbox.queue(
        "payment_reminder", to=phone, variables={"customer_name": "A", "amount": "1", "period": "2026-11"}
    )

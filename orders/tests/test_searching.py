"""The desk's search for messages, by what orders knows."""

import pytest
from django.db import connection

from notifications import registry
from notifications.models import Message
from orders import searching
from orders.models import Customer

pytestmark = pytest.mark.django_db

LOG = "/admin/notifications/message/"


@pytest.mark.parametrize("way", [str, str.lower])
def test_an_order_s_number_finds_the_messages_about_it(order, way):
    found = registry.search(way(order.number))

    assert (f"the order {order.number}", (f"order_{order.pk}",)) in [
        (one.what, one.references) for one in found
    ]


def test_an_order_s_number_that_nobody_has_is_understood_all_the_same():
    assert searching.order("EB-20200101-0001") == registry.Found("the order EB-20200101-0001")


@pytest.mark.parametrize("typed", ["EB-2026", "EB-20261122-", "xEB-20261122-0042", "EB-२०२६११२२-0042", ""])
def test_what_is_no_order_s_number_is_not_looked_up(typed):
    assert searching.order(typed) is None


@pytest.mark.parametrize("way", [str, str.lower, str.upper])
def test_a_customer_is_found_by_the_whole_name_in_any_case(asha, way):
    assert searching.customer(way(asha.name)).phones == (asha.phone,)
    assert searching.customer(asha.name[:-1]) is None


@pytest.mark.parametrize("typed", ["", "x" * 101, "%", "_sha", "a\\"])
def test_a_strange_name_is_nobody_s(asha, typed):
    assert searching.customer(typed) is None


def test_namesakes_are_found_together_up_to_a_number(asha):
    for number in range(searching.MOST_NAMESAKES + 5):
        Customer.objects.create(name=asha.name, phone=f"+9198000000{number:02d}")

    found = searching.customer(asha.name)

    assert len(found.phones) == searching.MOST_NAMESAKES
    assert "the first 20" in found.what


def test_a_name_is_looked_up_by_its_index(asha):
    Customer.objects.bulk_create(
        Customer(name=f"Person {n}", phone=f"+91700{n:07d}", language="en") for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_customer")
        cursor.execute(
            "EXPLAIN " + str(Customer.objects.filter(name__iexact="asha").query).replace("asha", "'asha'")
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "customer_by_name_any_case" in plan


def test_names_are_known_by_number(asha):
    assert registry.names([asha.phone, "+919999999999", "+91••••••3210", "erased-x"]) == {
        asha.phone: asha.name
    }


def test_the_page_of_an_order_leads_to_its_messages_and_back(admin_client, order):
    message = Message.objects.get(kind="order_confirmation")
    html = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()

    assert f'<a href="{LOG}?q=order_{order.pk}">Messages about this</a>' in html
    there = admin_client.get(f"{LOG}{message.pk}/change/").content.decode()
    assert f'<a href="/admin/orders/order/{order.pk}/change/">' in there


def test_who_may_not_read_messages_is_offered_none(client, order, django_user_model):
    dev = django_user_model.objects.create_user("dev", is_staff=True)
    dev.user_permissions.set(permissions("view_order"))
    client.force_login(dev)

    assert "Messages about this" not in client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()


def permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_the_page_of_a_subscription_leads_to_its_messages(admin_client, subscription):
    html = admin_client.get(f"/admin/orders/subscription/{subscription.pk}/change/").content.decode()

    assert f'<a href="{LOG}?q=subscription_{subscription.pk}">Messages about this</a>' in html

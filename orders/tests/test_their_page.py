"""From a row of the shop's to the page of whom it is about."""

import pytest
from django.contrib.auth.models import Permission

pytestmark = pytest.mark.django_db


def test_a_customer_an_order_and_a_subscription_lead_to_the_customers_page(desk, asha, order, subscription):
    for row in (asha, order, subscription):
        address = f"/admin/orders/{row._meta.model_name}/{row.pk}/their-page/"
        assert address in desk.get(f"/admin/orders/{row._meta.model_name}/{row.pk}/change/").content.decode()
        assert desk.get(address).url == f"/admin/desk/customer/{asha.pk}/"


def test_a_row_that_is_not_there_leads_nowhere(desk):
    assert desk.get("/admin/orders/order/99/their-page/").status_code == 404


def test_who_may_not_see_customers_has_no_such_button(client, django_user_model, order):
    dev = django_user_model.objects.create_user("dev", is_staff=True)
    dev.user_permissions.add(Permission.objects.get(codename="view_order"))
    client.force_login(dev)

    page = client.get(f"/admin/orders/order/{order.pk}/change/")

    assert page.status_code == 200
    assert "their-page" not in page.content.decode()
    assert client.get(f"/admin/orders/order/{order.pk}/their-page/").status_code == 403

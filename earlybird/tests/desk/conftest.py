"""The cast of the desk: Chitra may everything, Dev what a test gives him."""

from datetime import time

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from notifications.models.kind import OF_STAFF
from orders import days
from orders.tests.conftest import Clock, asha, chitra, curd, desk, milk, order, subscription, tomorrow

__all__ = ["asha", "chitra", "curd", "desk", "milk", "order", "subscription", "tomorrow"]
FRONT, FIND = "/admin/", "/admin/find/"


@pytest.fixture(autouse=True)
def _kinds_of_staff():
    """No test knows the kinds that staff made in the one before it, which was rolled back."""
    OF_STAFF.forget()


@pytest.fixture
def as_dev(db):
    """A client signed in as Dev, who has these permissions: `as_dev("orders.view_customer")`."""

    def make(*wanted):
        user = User.objects.create_user("dev", is_staff=True)
        for one in wanted:
            app, codename = one.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def at_noon(tmp_path, settings):
    """The clock at noon of today, India's, and what moves it: no test meets the cut-off by the hour it runs at."""
    moved = Clock(tmp_path / "clock", settings)
    moved.set(days.moment(days.today(), time(12)))
    return moved


def page_of(customer):
    return f"/admin/desk/customer/{customer.pk}/"

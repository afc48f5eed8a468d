"""The cast: Asha orders, Chitra is staff."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from notifications import clock
from notifications.models import Message
from orders import actions, days
from orders.models import Customer, Product, Subscription
from orders.tests.shop import DAY, EVENING, at


@pytest.fixture
def asha(db):
    return Customer.objects.create(name="Asha", phone="98765 43210", area="Indiranagar")


@pytest.fixture
def milk(db):
    return Product.objects.create(name="Cow milk", unit="500 ml", price="32.50")


@pytest.fixture
def tomorrow():
    return days.today() + timedelta(days=1)


@pytest.fixture
def order(asha, milk, tomorrow):
    return actions.place_order(asha, tomorrow, [(milk, 2)])


@pytest.fixture
def subscription(asha, milk, tomorrow):
    return Subscription.objects.create(customer=asha, product=milk, start=tomorrow)


@pytest.fixture
def at_nine(monkeypatch):
    """Sets the clock; it stands at the cut-off of DAY."""

    def set_to(day, time="21:00"):
        monkeypatch.setattr(clock, "now", lambda: at(day, time))

    set_to(EVENING)
    return set_to


@pytest.fixture
def daily(asha, milk):
    return Subscription.objects.create(customer=asha, product=milk, quantity=2, start=DAY)


@pytest.fixture
def curd(db):
    return Product.objects.create(name="Curd", unit="400 g", price="38")


@pytest.fixture
def chitra(db):
    return get_user_model().objects.create_superuser("chitra")


@pytest.fixture
def desk(client, chitra):
    """Django admin, with Chitra signed in."""
    client.force_login(chitra)
    return client


def signed_in(user):
    """The API, with this user signed in."""
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def api(chitra):
    """The API, with Chitra signed in."""
    return signed_in(chitra)


@pytest.fixture
def as_asha(asha):
    """The API, with Asha signed in."""
    asha.user = get_user_model().objects.create_user("asha")
    asha.save()
    return signed_in(asha.user)


@pytest.fixture
def staff(db):
    """The API, with staff signed in who have these permissions."""

    def make(*codenames):
        user = get_user_model().objects.create_user("dev", is_staff=True)
        found = Permission.objects.filter(codename__in=codenames, content_type__app_label="orders")
        user.user_permissions.set(found)
        return signed_in(user)

    return make


def named(answer):
    """What a refusal says: field → sentence."""
    return {error["attr"]: error["detail"] for error in answer.json()["errors"]}


def walk(api, url, way="next"):
    """The ids of each page, along `next` or `previous`, and the last page itself."""
    pages = []
    while url:
        page = api.get(url).json()
        pages.append([row["id"] for row in page["results"]])
        url = page[way]
    return pages, page


def at_once(ask, times=4):
    """What `ask()` answers to several who ask at the same moment."""
    start = Barrier(times)

    def one(_):
        start.wait(10)
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


class Clock:
    """The shop's clock, moved."""

    def __init__(self, file, settings):
        self.file = file
        settings.EARLYBIRD_CLOCK_FILE = str(file)

    def set(self, moment):
        self.file.write_text(str((moment - timezone.now()).total_seconds()))

    def forward(self, **span):
        self.set(clock.now() + timedelta(**span))


@pytest.fixture
def moved(tmp_path, settings):
    """Noon of tomorrow, so that no test meets the cut-off or midnight by the time of day it runs at."""
    moved = Clock(tmp_path / "clock", settings)
    moved.set(days.moment(days.today() + timedelta(days=1), time(12)))
    return moved


@pytest.fixture
def texts_of(db):
    """The texts recorded of one kind, the oldest first."""

    def find(kind):
        return list(Message.objects.filter(kind=kind).order_by("pk").values_list("text", flat=True))

    return find

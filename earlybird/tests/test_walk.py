"""The whole road, on the real stack: an order becomes a WhatsApp message that was read."""

import re
from datetime import timedelta

import pytest
import requests

from earlybird.tests.real import python
from orders import days

ADMIN_ADD = "/admin/orders/order/add/"
PREPARED = "import django; django.setup()\nfrom orders import actions, days\nfrom orders.models import *\n"
PLACED = """
customer, milk = Customer.objects.get(phone="{phone}"), Product.objects.get(name="Cow milk")
actions.place_order(customer, days.today(), [(milk, 1)])
"""
DIES = "import os, signal\ndie = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"


@pytest.fixture
def shop(walker):
    """Somebody's customer and product, by their ids."""
    customer = walker.rows("SELECT id FROM orders_customer WHERE phone = '+919876543210'")[0][0]
    return customer, walker.rows("SELECT min(id) FROM orders_product")[0][0]


def test_an_order_placed_by_api_is_told_to_the_customer_who_reads_it(walker, shop):
    customer, product = shop
    tomorrow = (days.today() + timedelta(days=1)).isoformat()
    items = [{"product": product, "quantity": 2}]
    body = {"customer": customer, "delivery_date": tomorrow, "items": items}
    order = walker.api("POST", "/api/orders", json=body)
    message = walker.message(f"order_{order['id']}", "read")
    assert message["phone"] == "+919876543210"
    assert message["message_text"] == f"Order #{order['number']} confirmed"
    assert message["sent_at"] <= message["delivered_at"] <= message["read_at"]


def test_an_order_placed_in_admin_is_told_to_the_customer_who_reads_it(walker, shop):
    customer, product = shop
    desk = requests.Session()
    desk.trust_env = False
    _post(desk, f"{walker.stack.url}/admin/login/", username="chitra", password="earlybird")
    before = walker.rows("SELECT coalesce(max(id), 0) FROM orders_order")[0][0]
    counts = {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0}
    item = {"items-0-product": product, "items-0-quantity": 1}
    order = {"customer": customer, "delivery_date": days.today().isoformat()}
    _post(desk, walker.stack.url + ADMIN_ADD, **order, **counts, **item)
    [(order_id,)] = walker.rows("SELECT id FROM orders_order WHERE id > %s", before)
    assert walker.message(f"order_{order_id}", "read")["message_type"] == "order_confirmation"


def _post(desk, url, **fields):
    """Fill in a form as a browser does."""
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', desk.get(url, timeout=10).text)[1]
    answer = desk.post(url, {"csrfmiddlewaretoken": token, **fields}, timeout=10, allow_redirects=False)
    assert answer.status_code == 302, answer.text


def test_a_message_whose_nudge_was_lost_is_sent_by_beat_alone(walker):
    queued = "from notifications import outbox; outbox.queue('order_confirmation', to='+919876500077', "
    done = walker.without_redis(PREPARED, f"{queued} variables={{'order_id': '77'}}, reference='lost_nudge')")
    assert done.returncode == 0, done.stderr
    assert walker.message("lost_nudge", "read")["message_text"] == "Order #77 confirmed"


def test_a_process_killed_between_order_and_message_leaves_neither(walker):
    orders = walker.rows("SELECT count(*) FROM orders_order")
    patched = "from notifications import outbox; outbox.queue = die"
    done = walker.without_redis(PREPARED, DIES, patched, PLACED.format(phone="+919876543212"))
    assert done.returncode == -9
    assert walker.rows("SELECT count(*) FROM orders_order") == orders
    assert not walker.history(phone="+919876543212", message_type="order_confirmation")


def test_a_process_killed_right_after_the_commit_leaves_both_and_the_message_is_sent(walker):
    patched = "from notifications import nudge; nudge._dispatch.nudge = die"
    done = walker.without_redis(PREPARED, DIES, patched, PLACED.format(phone="+919876543213"))
    assert done.returncode == -9
    customer = "SELECT o.id FROM orders_order o JOIN orders_customer c ON c.id = customer_id WHERE phone = %s"
    # The night may have ordered for them meanwhile.
    [(order_id,)] = walker.rows(f"{customer} AND kind = 'one_time'", "+919876543213")
    assert walker.message(f"order_{order_id}", "read")["phone"] == "+919876543213"


def test_the_demo_uses_the_stack_that_runs_and_sees_all_ten_kinds_read(walker):
    done = python("manage.py", "demo", "--seconds", "30", env=walker.stack.env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Using the EarlyBird that runs here" in done.stdout
    assert "All 10 kinds were read." in done.stdout
    for text in ("Delivery ETA: ", "Payment received! ₹450", "We miss you! Resume for 25% OFF", "Order #"):
        assert text in done.stdout

"""The whole road, on the real stack: an order becomes a WhatsApp message that was read."""

import re
from datetime import timedelta

import psycopg
import pytest
import requests

from earlybird.running import only_one, write_down
from earlybird.stack import Stack
from earlybird.tests.real import eventually, own_environment, python
from orders import days

ADMIN_ADD = "/admin/orders/order/add/"
PREPARED = "import django; django.setup()\nfrom orders import actions, days\nfrom orders.models import *\n"
PLACED = """
customer, milk = Customer.objects.get(phone="{phone}"), Product.objects.get(name="Cow milk")
actions.place_order(customer, days.today(), [(milk, 1)])
"""
DIES = "import os, signal\ndie = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"


class Walker:
    """A stack of its own, and somebody who uses it as people do: over HTTP."""

    def __init__(self, stack):
        self.stack = stack
        token = python("manage.py", "apitoken", "chitra", env=stack.env).stdout.strip()
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Authorization"] = f"Bearer {token}"

    def api(self, method, path, **words):
        answer = self.http.request(method, f"{self.stack.url}{path}", timeout=10, **words)
        assert answer.ok, answer.text
        return answer.json()

    def history(self, **wanted):
        return self.api("GET", "/api/notifications/history", params=wanted)["results"]

    def message(self, reference, status):
        """The one message of a reference, once it stands so."""
        found = eventually(
            f"{reference} {status}", lambda: self.history(reference_id=reference, status=status), 70
        )
        assert len(self.history(reference_id=reference)) == 1
        return found[0]

    def rows(self, sql, *values):
        with psycopg.connect(self.stack.env["DATABASE_URL"]) as connection:
            return connection.execute(sql, values).fetchall()

    def without_redis(self, *code):
        """Run code in a process whose nudges reach nobody."""
        return python("-c", "\n".join(code), env={**self.stack.env, "REDIS_URL": "redis://127.0.0.1:1/0"})


@pytest.fixture(scope="module")
def walker(tmp_path_factory):
    folder, said = tmp_path_factory.mktemp("walk"), []
    with own_environment("walk", folder) as env:
        ports = {"port": int(env["PORT"]), "sandbox_port": int(env["SANDBOX_PORT"])}
        stack = Stack(env=env, say=lambda name, line: said.append(f"{name}: {line}"), **ports)
        state = folder / "stack.json"
        try:
            with only_one(state), stack:
                write_down(stack, ready=True, state=state)
                yield Walker(stack)
        finally:
            print("\n".join(said[-50:]))


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
    assert message["message_text"] == f"Order #{order['id']} confirmed"
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
    [(order_id,)] = walker.rows(customer, "+919876543213")
    assert walker.message(f"order_{order_id}", "read")["phone"] == "+919876543213"


def test_the_demo_uses_the_stack_that_runs_and_sees_all_ten_kinds_read(walker):
    done = python("manage.py", "demo", "--seconds", "30", env=walker.stack.env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Using the EarlyBird that runs here" in done.stdout
    assert "All 10 kinds were read." in done.stdout
    for text in ("Delivery ETA: ", "Payment received! ₹450", "We miss you! Resume for 25% OFF", "Order #"):
        assert text in done.stdout

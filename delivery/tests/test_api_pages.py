"""Lists of deliveries read what they show, and not the table."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.models import Agent
from delivery.tests.conftest import LIST
from orders.models import Customer
from orders.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
ORDERINGS = ["-id", "id", "-date", "date"]

CUSTOMERS = """INSERT INTO orders_customer (name, phone, language, area, address, created_at)
    SELECT 'Person ' || n, '+9198765' || lpad(n::text, 5, '0'), 'en', '', '', now()
    FROM generate_series(1, 1000) AS n"""
AGENTS = """INSERT INTO delivery_agent (name, phone)
    SELECT 'Agent ' || n, '+9197765' || lpad(n::text, 5, '0') FROM generate_series(1, 100) AS n"""
ORDERS = """INSERT INTO orders_order (number, customer_id, kind, delivery_date, status, total, created_at)
    SELECT 'EB-' || c.id || '-' || n, c.id, 'one_time', '2026-01-01'::date + n, 'confirmed', 65, now()
    FROM orders_customer AS c, generate_series(1, 20) AS n"""
DELIVERIES = """INSERT INTO delivery_delivery (order_id, date, slot_start, slot_end, area, status, agent_id)
    SELECT o.id, o.delivery_date, '06:00', '08:00', '', 'pending',
        (SELECT min(id) FROM delivery_agent) + o.id % 100 FROM orders_order AS o"""


@pytest.fixture
def many(db):
    """20,000 deliveries to 1,000 customers, by 100 agents."""
    with connection.cursor() as cursor:
        for rows in (CUSTOMERS, AGENTS, ORDERS, DELIVERIES):
            cursor.execute(rows)
        for table in ("orders_customer", "delivery_agent", "orders_order", "delivery_delivery"):
            cursor.execute(f"ANALYZE {table}")


def someone(*, agent: bool = False, customer: bool = False):
    """The API for who brings deliveries, is brought some, both or neither."""
    user = User.objects.create_user("someone")
    if agent:
        Agent.objects.filter(name="Agent 7").update(user=user)
    if customer:
        Customer.objects.filter(name="Person 77").update(user=user)
    return signed_in(User.objects.get(pk=user.pk))


def read_whole(client, query: str) -> list[str]:
    """The tables that the page's query reads from end to end."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"{LIST}?{query}")
    assert answer.json()["results"]
    (sql,) = [asked["sql"] for asked in queries if 'FROM "delivery_delivery"' in asked["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql)
        return seq_scans(cursor.fetchone()[0][0]["Plan"])


def seq_scans(node: dict) -> list[str]:
    mine = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" else []
    return mine + [table for inner in node.get("Plans", ()) for table in seq_scans(inner)]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize(
    "who", [{"agent": True}, {"customer": True}, {"agent": True, "customer": True}], ids=str
)
def test_ones_own_deliveries_are_found_by_an_index(many, who, ordering):
    assert "delivery_delivery" not in read_whole(someone(**who), f"ordering={ordering}")


def test_who_neither_brings_nor_is_brought_anything_asks_nothing_of_the_deliveries(many):
    client = someone()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).json()["results"] == []
    assert not [asked["sql"] for asked in queries if "delivery_delivery" in asked["sql"]]


@pytest.mark.parametrize("search", ["Person 77", "98765 00077", "+91-98765-00077", "76500077"])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_the_deliveries_of_a_customer_searched_for_are_found_by_an_index(many, chitra, search, ordering):
    assert "delivery_delivery" not in read_whole(signed_in(chitra), f"search={search}&ordering={ordering}")

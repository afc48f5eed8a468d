"""Who may do what: every path of the API, asked by everybody.

Asha is a customer and the rows are hers; Bilal is another customer; Ravi delivers to her; Dev is staff without a
permission; Chitra is staff and may do everything.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from billing.models import Bill, Dispute, Payment, Refund
from delivery.models import Agent, Delivery
from notifications.models import Message, QueuedMessage
from orders import actions, days
from orders.models import Customer, Product, Subscription

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", "asha", "bilal", "ravi", "dev", "chitra")
TOMORROW = days.today() + timedelta(days=1)
NEWS = {
    "phone": "98765 43210",
    "message_type": "delivery_reminder",
    "context": {"delivery_date": "2026-12-01"},
}

PUBLIC = (200, 200, 200, 200, 200, 200)
SIGNED_IN = (401, 200, 200, 200, 200, 200)
STAFF = (401, 403, 403, 403, 403, 200)
STAFF_MAKES = (401, 403, 403, 403, 403, 201)
HERS = (401, 200, 404, 404, 200, 200)  # staff see everything, and change what they have the permission for
HERS_CHANGED = (401, 403, 404, 404, 403, 200)
WORKERS = (401, 403, 403, 200, 403, 200)  # those who deliver, to what is given to them

# method, path, body → what each of PEOPLE is answered
TABLE = {
    ("get", "/api/notifications/health"): (None, PUBLIC),
    ("post", "/api/auth/sign-in"): ({"username": "asha", "password": "milk-and-honey"}, PUBLIC),
    ("post", "/api/auth/sign-out"): (None, (401, 204, 204, 204, 204, 204)),
    ("post", "/api/auth/sign-out-everywhere"): (None, (401, 204, 204, 204, 204, 204)),
    ("get", "/api/auth/me"): (None, SIGNED_IN),
    ("post", "/api/notifications/send-message"): (NEWS, STAFF),
    ("post", "/api/notifications/send-bulk"): ({"messages": [NEWS]}, STAFF),
    ("post", "/api/notifications/resend/{message_id}"): (None, STAFF),
    ("post", "/api/notifications/process-queue"): (None, STAFF),
    ("get", "/api/notifications/history"): (None, SIGNED_IN),
    ("get", "/api/notifications/history/{phone}"): (None, HERS),
    ("get", "/api/notifications/statistics"): (None, SIGNED_IN),
    ("get", "/api/notifications/templates"): (None, SIGNED_IN),
    ("post", "/api/notifications/templates"): (
        {"type": "order_confirmation", "language": "pa", "content": "#{{order_id}} ✓"},
        STAFF_MAKES,
    ),
    ("get", "/api/notifications/templates/{type}"): (None, SIGNED_IN),
    ("put", "/api/notifications/templates/{type}"): ({"active": False}, STAFF),
    ("get", "/api/notifications/preferences/{phone}"): (None, HERS),
    ("put", "/api/notifications/preferences/{phone}"): ({"payment": False}, (401, 200, 404, 404, 403, 200)),
    ("get", "/api/customers"): (None, SIGNED_IN),
    ("post", "/api/customers"): ({"name": "Meera", "phone": "98765 43216"}, STAFF_MAKES),
    ("get", "/api/customers/{id}"): (None, HERS),
    ("patch", "/api/customers/{id}"): ({"area": "Jayanagar"}, HERS_CHANGED),
    ("get", "/api/products"): (None, SIGNED_IN),
    ("post", "/api/products"): ({"name": "Curd", "unit": "400 g", "price": "38.00"}, STAFF_MAKES),
    ("get", "/api/products/{id}"): (None, SIGNED_IN),
    ("patch", "/api/products/{id}"): ({"price": "33.00"}, STAFF),
    ("get", "/api/orders"): (None, SIGNED_IN),
    ("post", "/api/orders"): (
        {
            "customer": "{customer}",
            "delivery_date": TOMORROW.isoformat(),
            "items": [{"product": "{product}", "quantity": 1}],
        },
        STAFF_MAKES,
    ),
    ("get", "/api/orders/{id}"): (None, HERS),
    ("post", "/api/orders/{id}/cancel"): (None, HERS_CHANGED),
    ("get", "/api/subscriptions"): (None, SIGNED_IN),
    ("post", "/api/subscriptions"): (
        {"customer": "{customer}", "product": "{product}", "start": TOMORROW.isoformat()},
        STAFF_MAKES,
    ),
    ("get", "/api/subscriptions/{id}"): (None, HERS),
    ("patch", "/api/subscriptions/{id}"): ({"quantity": 3}, HERS_CHANGED),
    ("get", "/api/subscriptions/{id}/overrides"): (None, HERS),
    ("put", "/api/subscriptions/{id}/overrides"): (
        {"date": (TOMORROW + timedelta(days=1)).isoformat(), "quantity": 2},
        HERS_CHANGED,
    ),
    ("post", "/api/subscriptions/{id}/pause"): ({"from_date": TOMORROW.isoformat()}, HERS_CHANGED),
    ("post", "/api/subscriptions/{id}/resume"): (None, HERS_CHANGED),
    ("post", "/api/subscriptions/{id}/cancel"): (None, HERS_CHANGED),
    ("get", "/api/deliveries"): (None, SIGNED_IN),
    ("get", "/api/deliveries/{id}"): (None, (401, 200, 404, 200, 200, 200)),
    ("patch", "/api/deliveries/{id}"): ({"agent": None}, (401, 403, 404, 403, 403, 200)),
    ("post", "/api/deliveries/{id}/mark-delivered"): (None, (401, 403, 404, 200, 403, 200)),
    ("post", "/api/deliveries/{id}/mark-not-delivered"): (
        {"reason": "nobody_home"},
        (401, 403, 404, 200, 403, 200),
    ),
    ("post", "/api/deliveries/mark-delivered"): ({"ids": ["{delivery}"]}, WORKERS),
    ("post", "/api/deliveries/delay"): (
        {"date": TOMORROW.isoformat(), "area": "Indiranagar", "minutes": 30},
        WORKERS,
    ),
    ("post", "/api/deliveries/out-for-delivery"): (
        {"date": TOMORROW.isoformat(), "area": "Indiranagar"},
        WORKERS,
    ),
    ("post", "/api/deliveries/{id}/delay"): (
        {"eta": f"{TOMORROW.isoformat()}T09:30:00+05:30"},
        (401, 403, 404, 200, 403, 200),
    ),
    ("get", "/api/billing/accounts"): (None, SIGNED_IN),
    ("get", "/api/billing/accounts/{id}"): (None, HERS),
    ("get", "/api/billing/bills"): (None, SIGNED_IN),
    ("post", "/api/billing/bills"): (
        {"customer": "{customer}", "month": "2026-10", "amount": "10.00", "due_date": TOMORROW.isoformat()},
        STAFF_MAKES,
    ),
    ("get", "/api/billing/bills/{id}"): (None, HERS),
    ("get", "/api/billing/payments"): (None, SIGNED_IN),
    ("post", "/api/billing/payments"): (
        {"customer": "{customer}", "amount": "450.00", "method": "upi", "month": "2026-11"},
        STAFF_MAKES,
    ),
    ("get", "/api/billing/payments/{id}"): (None, HERS),
    ("get", "/api/billing/refunds"): (None, SIGNED_IN),
    ("post", "/api/billing/refunds"): (
        {"customer": "{customer}", "amount": "10.00", "method": "upi", "reason": "Paid twice"},
        STAFF_MAKES,
    ),
    ("get", "/api/billing/refunds/{id}"): (None, HERS),
    ("get", "/api/billing/disputes"): (None, SIGNED_IN),
    ("post", "/api/billing/disputes"): (
        {"bill": "{bill}", "what": "wrong_amount"},
        (401, 201, 404, 404, 403, 201),
    ),
    ("get", "/api/billing/disputes/{id}"): (None, HERS),
    ("post", "/api/billing/disputes/{id}/settle"): (
        {"delivery_date": TOMORROW.isoformat()},
        HERS_CHANGED,
    ),
    ("post", "/api/billing/disputes/{id}/refuse"): ({"reason": "It was there"}, HERS_CHANGED),
}
CASES = [
    pytest.param(*asked, body, who, status, id=f"{asked[0]} {asked[1]} by {who}")
    for asked, (body, statuses) in TABLE.items()
    for who, status in zip(PEOPLE, statuses, strict=True)
]


@pytest.fixture
def shop(db):
    """The ids that paths and bodies name, all of them Asha's."""
    users = {who: User.objects.create_user(who, password="milk-and-honey") for who in PEOPLE[1:]}
    User.objects.filter(username__in=("dev", "chitra")).update(is_staff=True)
    User.objects.filter(username="chitra").update(is_superuser=True)
    asha = Customer.objects.create(name="Asha", phone="98765 43210", user=users["asha"])
    Customer.objects.create(name="Bilal", phone="98765 43211", user=users["bilal"])
    milk = Product.objects.create(name="Cow milk", unit="500 ml", price="32.00")
    order = actions.place_order(asha, TOMORROW, [(milk, 2)])
    ravi = Agent.objects.create(name="Ravi", phone="98765 43219", user=users["ravi"])
    Delivery.objects.filter(order=order).update(agent=ravi)
    bill = Bill.objects.create(customer=asha, month=days.today(), amount=100, due_date=TOMORROW)
    payment = Payment.objects.create(customer=asha, amount=50, method="upi")
    back = Refund.objects.create(customer=asha, amount=5, method="upi", reason="Paid twice")
    dispute = Dispute.objects.create(customer=asha, order=order, what="not_delivered")
    QueuedMessage.objects.all().delete()
    Message.objects.filter(kind="order_confirmation").update(status="failed")
    return {
        "customers": asha.pk,
        "products": milk.pk,
        "orders": order.pk,
        "deliveries": Delivery.objects.get().pk,
        "subscriptions": Subscription.objects.create(customer=asha, product=milk, start=TOMORROW).pk,
        "accounts": asha.pk,
        "bills": bill.pk,
        "payments": payment.pk,
        "refunds": back.pk,
        "disputes": dispute.pk,
        "message_id": Message.objects.filter(kind="order_confirmation").get().public_id,
        "phone": "+919876543210",
        "type": "order_confirmation",
    }


def filled(path, shop):
    noun = path.split("/{id}")[0].rpartition("/")[2]
    return path.replace("{id}", str(shop.get(noun))).format_map(shop)


def with_ids(body, shop):
    if isinstance(body, dict):
        return {name: with_ids(value, shop) for name, value in body.items()}
    if isinstance(body, list):
        return [with_ids(value, shop) for value in body]
    names = {
        "{customer}": shop["customers"],
        "{product}": shop["products"],
        "{bill}": shop["bills"],
        "{delivery}": shop["deliveries"],
    }
    return names.get(body, body) if isinstance(body, str) else body


@pytest.mark.parametrize(("method", "path", "body", "who", "status"), CASES)
def test_everybody_is_answered_what_the_table_says(shop, method, path, body, who, status):
    client = APIClient()
    if who != "anonymous":
        body_of_sign_in = {"username": who, "password": "milk-and-honey"}
        token = client.post("/api/auth/sign-in", body_of_sign_in, format="json").json()["token"]
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    answer = getattr(client, method)(filled(path, shop), with_ids(body, shop), format="json")

    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer.json()["errors"][0]["detail"]


def test_no_path_is_missing_from_the_table():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]

    assert {(method, path) for path, methods in paths.items() for method in methods} == set(TABLE)


@pytest.mark.parametrize(
    "noun",
    ["customers", "orders", "subscriptions", "deliveries"]
    + [f"billing/{noun}" for noun in ("accounts", "bills", "payments", "refunds", "disputes")],
)
def test_lists_show_a_customer_only_their_own_rows(shop, noun):
    seen = {}
    for who in ("asha", "bilal", "chitra"):
        client = APIClient()
        client.force_authenticate(User.objects.get(username=who))
        seen[who] = [row["id"] for row in client.get(f"/api/{noun}").json()["results"]]

    mine = shop[noun.rpartition("/")[2]]
    assert seen["asha"] == [mine]
    assert mine not in seen["bilal"]
    assert mine in seen["chitra"]

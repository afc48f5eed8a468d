"""A customer's timeline: everything, newest first, each once, however it is turned over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from delivery.models import Agent, Delivery
from earlybird.desk import sources, story
from earlybird.desk.story import Place, Source, Whose
from earlybird.tests.desk.conftest import page_of
from notifications import clock, erasure, outbox, wishes
from notifications.models import ConsentEvent, InboundMessage, Message
from orders import actions, days
from orders.models import Customer, Offer, Order, Subscription

pytestmark = pytest.mark.django_db
ASHA = "+919876543210"
NOON = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # in India


def titles(response):
    return [entry.title for entry in response.context["story"].entries]


def wrote(text, at, phone=ASHA):
    return InboundMessage.objects.create(
        phone=phone,
        type="text",
        text=text,
        received_at=at,
        provider_message_id=f"in-{text}-{at}",
        webhook_event_id=1,
    )


def full(asha, milk):
    """One of every sort of row."""
    subscription = Subscription.objects.create(customer=asha, product=milk, start=days.today())
    subscription.pauses.create(from_date=days.today(), reason="Away")
    order = actions.place_order(asha, days.today(), [(milk, 2)])
    Delivery.objects.filter(order=order).update(
        status="delivered",
        delivered_at=clock.now(),
        agent=Agent.objects.create(name="Bilal", phone="98765 43299"),
    )
    other = actions.place_order(asha, days.today(), [(milk, 1)])
    Delivery.objects.filter(order=other).update(
        status="not_delivered", not_delivered_at=clock.now(), reason="nobody_home"
    )
    bill = Bill.objects.create(customer=asha, month=date(2026, 10, 1), amount="450", due_date=days.today())
    payment = Payment.objects.create(customer=asha, amount="450", method="upi", transaction_id="T1")
    Refund.objects.create(customer=asha, amount="10", method="upi", payment=payment, reason="Too much")
    Adjustment.objects.create(customer=asha, amount="-20", reason="Sour milk")
    Dispute.objects.create(
        customer=asha, bill=bill, what="wrong_amount", words="Not mine", status="refused", settled_at=clock.now(),
        outcome="refusal", reason="It was.",
    )  # fmt: skip
    Offer.objects.create(
        customer=asha, subscription=subscription, cause="x", made_at=clock.now(), until=clock.now()
    )
    wrote("Where is my milk?", clock.now())
    wishes.change(ASHA, {"delivery": False}, how="reply", words="no more of these")


def test_everything_that_happened_is_in_it(desk, asha, milk):
    full(asha, milk)

    found = set(titles(desk.get(page_of(asha))))

    assert found >= {
        "Subscribed to 1 × Cow milk 500 ml", "Paused Cow milk 500 ml", "Offered 25 % off", "Delivered by Bilal",
        "Not delivered: nobody home", "Paid", "Given back", "Credit", "Complaint: Wrong amount: bill BILL-202610-0001",
        "Complaint closed: Wrong amount: bill BILL-202610-0001", "They wrote", "Wishes: about deliveries",
        "Order confirmed", "Payment received", "Bill BILL-202610-0001 for October 2026",
    }  # fmt: skip


def test_every_entry_leads_to_a_page_there_is(desk, asha, milk):
    full(asha, milk)

    links = {entry.link for entry in desk.get(page_of(asha)).context["story"].entries}

    assert len(links) > 10
    assert {desk.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("sort", "alien"), [("messages", "Paid"), ("orders", "They wrote"), ("money", "They wrote")]
)
def test_it_can_be_narrowed_to_one_sort(desk, asha, milk, sort, alien):
    full(asha, milk)

    shown = titles(desk.get(page_of(asha), {"show": sort}))

    assert alien not in shown
    assert shown


@pytest.mark.parametrize(
    ("permission", "shown"),
    [
        ("notifications.view_message", "Order confirmed"),
        ("notifications.view_inboundmessage", "They wrote"),
        ("billing.view_payment", "Paid"),
        ("orders.view_subscription", "Paused Cow milk 500 ml"),
        ("delivery.view_delivery", "Delivered by Bilal"),
    ],
)
def test_each_sort_takes_the_permission_of_its_rows(as_dev, asha, milk, permission, shown):
    full(asha, milk)
    dev = as_dev("orders.view_customer", permission)

    response = dev.get(page_of(asha))

    assert shown in titles(response)
    allowed = {source.sort for source in sources.SOURCES if source.permission == permission}
    assert {sort for sort, _ in response.context["sorts"]} == {"", *allowed}


def test_money_is_hidden_from_who_may_not_see_it(as_dev, asha, milk):
    full(asha, milk)

    response = as_dev("orders.view_customer").get(page_of(asha))

    assert response.context["balance"] is None
    assert titles(response) == []


def test_nobody_elses_rows_are_in_it(desk, asha, milk):
    other = Customer.objects.create(name="Imran", phone="98765 43217")
    full(asha, milk)

    assert titles(desk.get(page_of(other))) == []


def test_an_offer_stands_until_its_day_in_india(desk, asha, milk):
    full(asha, milk)
    Offer.objects.update(until=datetime(2026, 11, 20, 18, 31, tzinfo=UTC))  # 00:01 AM

    found = desk.get(page_of(asha)).context["story"].entries

    assert [one.detail for one in found if one.title == "Offered 25 % off"] == ["Until 21 November 2026"]


def test_days_are_indias_and_the_newest_comes_first(desk, asha):
    wrote("late", datetime(2026, 11, 20, 18, 29, tzinfo=UTC))  # 11:59 PM
    wrote("early", datetime(2026, 11, 20, 18, 31, tzinfo=UTC))  # 00:01 AM

    found = desk.get(page_of(asha)).context["story"].days

    assert [day for day, _ in found] == [date(2026, 11, 21), date(2026, 11, 20)]


def test_earlier_pages_follow_until_the_first_entry(desk, asha):
    for n in range(75):
        wrote(f"{n}", NOON + timedelta(minutes=n))

    seen, address = [], page_of(asha)
    while address:
        response = desk.get(address)
        seen += [entry.text for entry in response.context["story"].entries]
        earlier = response.context["story"].earlier
        address = earlier and f"{page_of(asha)}?before={earlier}"

    assert seen == [f"{n}" for n in reversed(range(75))]


def test_an_earlier_page_is_the_timeline_alone(desk, asha):
    for n in range(40):
        wrote(f"{n}", NOON + timedelta(minutes=n))
    earlier = desk.get(page_of(asha)).context["story"].earlier

    html = desk.get(page_of(asha), {"before": str(earlier)}).content.decode()

    assert "What would they get tomorrow?" not in html
    assert "Back to the newest" in html


@pytest.mark.parametrize(
    "place", ["x", "1.2", "1.2.3.4", "1.2.-3", "9" * 400 + ".1.1", "1e9.1.1", "1.1." + "9" * 30]
)
def test_a_place_that_is_none_is_not_found(desk, asha, place):
    assert desk.get(page_of(asha), {"before": place}).status_code == 404


def test_an_erased_customer_is_said_to_be(desk, asha, milk):
    full(asha, milk)
    erasure.erase(ASHA, "chitra")

    response = desk.get(page_of(asha))

    html = response.content.decode()
    assert "This person was erased on" in html
    assert "+999" not in html
    assert not {"They wrote", "Order confirmed"} & set(titles(response))
    assert "Paid" in titles(response)


def test_texts_of_customers_are_shown_as_they_are(desk, asha):
    wrote("<script>alert(1)</script>", NOON)
    Customer.objects.filter(pk=asha.pk).update(name="<b>Asha</b>", address="<i>x</i>")

    html = desk.get(page_of(asha)).content.decode()

    assert not {"<script>alert(1)", "<b>Asha", "<i>x"} & {
        tag for tag in ("<script>alert(1)", "<b>Asha", "<i>x") if tag in html
    }


def test_a_heavy_customers_page_asks_no_more_than_a_light_ones(desk, asha, milk):
    full(asha, milk)
    light = asked(desk, asha)
    orders = Order.objects.bulk_create(
        Order(
            number=f"EB-X-{n}", customer=asha, delivery_date=days.today() - timedelta(days=n), status="confirmed",
            total="65",
        )
        for n in range(500)
    )  # fmt: skip
    Delivery.objects.bulk_create(Delivery(order=one, date=one.delivery_date) for one in orders)
    for n in range(300):
        wrote(f"{n}", NOON + timedelta(seconds=n))

    assert asked(desk, asha) <= light + 2  # the items and products of more orders on the page


def asked(desk, asha):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        desk.get(page_of(asha))
    return len(queries)


# --- turning pages, whatever there is ---------------------------------------------------------------------

MOMENTS = st.integers(0, 5)  # few, so that many things happen at once


def source(model, at, **fields):
    """A sort of row by itself, each entry named after it."""
    return Source(
        "x",
        "",
        at,
        lambda whose: model.objects.filter(phone=whose.phone),
        lambda row: story.Entry(f"{model.__name__} {row.pk}"),
    )


THREE = (
    source(InboundMessage, "received_at"),
    None,
    source(ConsentEvent, "at"),
    source(Message, "created_at"),
)


@hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    replies=st.lists(MOMENTS, max_size=8), changes=st.lists(MOMENTS, max_size=8), told=st.lists(MOMENTS, max_size=8),
    size=st.integers(1, 7),
)  # fmt: skip
def test_turned_page_by_page_everything_comes_once_and_in_order(db, replies, changes, told, size):
    for model in (InboundMessage, ConsentEvent, Message):
        model.objects.all().delete()
    rows = [wrote(f"{n}", NOON + timedelta(seconds=at)) for n, at in enumerate(replies)]
    rows += [
        ConsentEvent.objects.create(
            phone=ASHA, what="order", act="other", how="api", at=NOON + timedelta(seconds=at)
        )
        for at in changes
    ]
    for at in told:
        message = outbox.queue(
            "pause_confirmation", to=ASHA, variables={"customer_name": "A", "resume_date": "x"}
        )
        Message.objects.filter(pk=message.pk).update(created_at=NOON + timedelta(seconds=at))

    places, before = [], None
    while True:
        page = story.page(THREE, Whose(None, ASHA), before, size)
        assert len(page.entries) <= size
        places += [entry.place for entry in page.entries]
        if page.earlier is None:
            break
        before = Place.read(str(page.earlier))

    assert places == sorted(places, reverse=True)
    assert len(set(places)) == len(places) == len(replies) + len(changes) + len(told)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 20), st.integers(0, 2**63 - 1))
def test_a_place_is_read_as_it_was_written(at, rank, pk):
    assert Place.read(str(Place(at, rank, pk))) == (at, rank, pk)


@given(st.text())
def test_whatever_is_given_as_a_place_is_read_or_refused(text):
    assert Place.read(text) is None or isinstance(Place.read(text), Place)

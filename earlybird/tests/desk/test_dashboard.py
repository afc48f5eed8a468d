"""The front page: its numbers are the statistics', and nobody sees more than they may."""

import json
import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from billing.models import Bill, Payment
from delivery.models import Delivery
from earlybird.desk import figures, log
from earlybird.tests.desk.conftest import FRONT
from jobs.models import Job, JobRun
from notifications import clock, outbox, staff, statistics
from notifications.models import Attempt, CustomKind, Message, MessageTemplate, Move, QueuedMessage, move
from notifications.statistics import Span
from orders import actions, days
from orders.models import Announcement

pytestmark = pytest.mark.django_db
VARIABLES = {"customer_name": "Asha", "amount": "450", "period": "2026-11"}
CARDS = (
    "channel", "figures", "jobs_in_trouble", "deliveries", "tomorrow", "overdue", "announcements", "texts",
)  # fmt: skip


def told(count, *ways, kind="payment_reminder"):
    """So many messages, moved along these statuses."""
    rows = [outbox.queue(kind, to=f"+9198765{n:05}", variables=VARIABLES) for n in range(count)]
    for status in ways:
        move(Move(row.pk, status, clock.now()) for row in rows)
    return rows


def shown(client):
    response = client.get(FRONT)
    assert response.status_code == 200
    return response.context


def numbers(context):
    return {one.label: one.today for one in context["figures"].figures}


def test_every_number_is_the_statistics(desk):
    told(3, "sending", "sent", "delivered", "read")
    told(2, "sending", "sent", "delivered")
    told(4, "sending", "sent")
    told(1, "sending", "failed")
    told(2, "expired")
    told(1, "cancelled")
    told(5)

    found, report = shown(desk)["figures"], statistics.report(Span.until(clock.now(), 30))

    assert {one.label: (one.today, one.month) for one in found.figures} == {
        "Sent": (report["accepted"],) * 2,
        "Delivered": (report["arrived"],) * 2,
        "Read": (report["read"],) * 2,
        "Failed": (report["failed"],) * 2,
        "Too late": (report["expired"],) * 2,
        "Not sent on purpose": (report["suppressed"] + report["cancelled"],) * 2,
    }
    assert found.waiting == report["queued"] == 5
    assert found.cost == report["cost"] or found.cost.quantize(report["cost"]) == report["cost"]
    assert found.p95 == report["p95_send_seconds"]


def test_the_layers_of_the_chart_add_up_to_all_messages_of_each_day_and_kind(desk):
    told(3, "sending", "sent", "delivered", "read")
    told(2, "expired")
    told(4, kind="delivery_confirmed")

    chart, report = shown(desk)["figures"].chart, statistics.report(Span.until(clock.now(), 30))

    assert [sum(layers) for layers in zip(*chart["days"]["counts"], strict=True)] == [
        day["total"] for day in report["by_day"]
    ]
    assert sorted(sum(layers) for layers in zip(*chart["kinds"]["counts"], strict=True)) == sorted(
        kind["total"] for kind in report["by_kind"]
    )


def test_what_the_chart_shows_stands_on_the_page_as_a_table_too(desk):
    told(1234, "sending", "sent")

    html = desk.get(FRONT).content.decode()

    data = json.loads(re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', html)[1])
    assert data["days"]["counts"][2][-1] == 1234
    table = html[html.index('id="days-table"') :]
    assert "1,234" in table[: table.index("</table>")]


def test_kinds_stand_by_how_frequent_they_are(desk):
    told(1, kind="payment_reminder")
    told(3, kind="delivery_confirmed")

    assert [row.code for row in shown(desk)["figures"].rows] == ["delivery_confirmed", "payment_reminder"]


def test_numbers_are_grouped_as_india_does(desk):
    told(1500, "sending", "sent")
    statistics.fold()
    from notifications.models import StatusCount

    StatusCount.objects.filter(status="sent").update(count=1234567)

    assert "12,34,567" in desk.get(FRONT).content.decode()


def test_each_number_leads_to_the_messages_it_counts(desk):
    told(2, "sending", "failed")
    told(3, "sending", "sent", "delivered")
    told(1)

    for one in shown(desk)["figures"].figures:
        listed = desk.get(one.of_today).context["cl"].result_list
        assert len(listed) == one.today, one.label


def test_a_kinds_number_leads_to_its_messages(desk):
    told(2, "sending", "failed")
    told(1, "sending", "failed", kind="delivery_confirmed")

    row = next(row for row in shown(desk)["figures"].rows if row.code == "payment_reminder")

    (failed,) = [cell for cell in row.cells if cell.is_bad]
    listed = desk.get(failed.link).context["cl"].result_list
    assert {message.kind for message in listed} == {"payment_reminder"}
    assert len(listed) == failed.count == 2


def test_an_address_of_the_log_names_the_days_it_is_about():
    first = days.today() - timedelta(days=1)

    assert log.address(first=first, last=first).endswith(f"?from={first}&until={first}")
    assert log.address() == "/admin/notifications/message/"


def test_the_oldest_that_is_late_is_named_and_what_is_not_due_is_not(desk):
    rows = told(2)
    QueuedMessage.objects.filter(pk=rows[0].pk).update(due_at=clock.now() + timedelta(hours=2))
    QueuedMessage.objects.filter(pk=rows[1].pk).update(due_at=clock.now() - timedelta(minutes=12))

    assert "12 minutes" in desk.get(FRONT).content.decode()

    QueuedMessage.objects.filter(pk=rows[1].pk).delete()
    assert shown(desk)["figures"].oldest is None


def test_the_last_minute_counts_what_was_accepted_in_it(desk):
    told(1)
    now = clock.now()
    for outcome, ago in (("accepted", 5), ("accepted", 50), ("not_now", 5), ("accepted", 70)):
        Attempt.objects.create(
            message_id=1, number=1, outcome=outcome, created_at=now - timedelta(seconds=ago)
        )

    assert figures.counted(now).last_minute == 2


def test_a_fresh_shop_shows_a_calm_page(desk):
    html = desk.get(FRONT).content.decode()

    assert "No message was asked for in the last 30 days." in html
    assert "Messages are being sent." in html
    assert "chart-data" not in html


def test_a_paused_channel_stands_out_with_who_and_why(desk):
    staff.stop_channel("bilal", "The wrong text went out.")

    html = desk.get(FRONT).content.decode()

    assert "Paused today at" in html
    assert "by bilal" in html
    assert "The wrong text went out." in html
    assert "/admin/notifications/channel/resume?back=front" in html


def test_deliveries_of_today_are_counted(desk, asha, milk, at_noon):
    done, _ = (actions.place_order(asha, days.today(), [(milk, 1)]) for _ in range(2))
    Delivery.objects.filter(order=done).update(status="delivered", delivered_at=clock.now())

    found = shown(desk)["deliveries"]

    assert (found.delivered, found.ahead, found.not_delivered) == (1, 1, 0)


def test_before_the_cut_off_it_says_when_tomorrows_orders_are_made(desk, order, at_noon):
    found = shown(desk)["tomorrow"]

    assert found.orders == 1
    assert "made tonight after 9:00 PM" in desk.get(FRONT).content.decode()


def test_bills_past_their_day_are_summed_up(desk, asha):
    yesterday = days.today() - timedelta(days=1)
    bill = Bill.objects.create(customer=asha, month=yesterday, amount="450", due_date=yesterday)
    Payment.objects.create(customer=asha, amount="100.50", method="upi", bill=bill)

    found = shown(desk)["overdue"]

    assert (found.bills, str(found.owed)) == (1, "349.50")
    assert len(desk.get(found.address).context["cl"].result_list) == 1


def test_a_bill_that_is_paid_or_not_due_is_not_overdue(desk, asha):
    Bill.objects.create(customer=asha, month=days.today(), amount="450", due_date=days.today())

    assert shown(desk)["overdue"].bills == 0


def test_an_announcement_of_a_kind_of_our_own_is_shown_by_its_name(desk):
    CustomKind.objects.create(code="strike", label="A strike", category="utility", preference="delivery")
    Announcement.objects.create(kind="strike", status="running", at=clock.now())

    html = desk.get(FRONT).content.decode()

    assert ">A strike</a>" in html
    assert ">None</a>" not in html


def test_an_announcement_under_way_is_shown(desk, milk):
    Announcement.objects.create(product=milk, status="running", at=clock.now(), audience=1200, reached=300)

    assert "300 of 1,200 customers so far" in desk.get(FRONT).content.decode()


def test_a_job_that_failed_is_shown_with_what_it_said(desk):
    ran("nightly_orders", days.today(), "failed", tries=2, said="Customer 7 was left out.")

    html = desk.get(FRONT).content.decode()

    assert "Make tomorrow&#x27;s orders" in html
    assert "Failed 2×" in html
    assert "Customer 7 was left out." in html


def test_a_job_that_should_have_begun_is_shown(desk, at_noon):
    ran("payment_reminders", days.today() - timedelta(days=1), "done")

    assert [one.label for one in shown(desk)["jobs_in_trouble"]] == ["Remind of bills that are due"]

    ran("payment_reminders", days.today(), "done")
    assert shown(desk)["jobs_in_trouble"] == []


def test_a_job_before_its_time_is_not_late(desk, at_noon):
    at_noon.set(days.moment(days.today(), time(10, 10)))
    ran("payment_reminders", days.today() - timedelta(days=1), "done")

    assert shown(desk)["jobs_in_trouble"] == []


@pytest.mark.parametrize(
    ("permission", "cards"),
    [
        ("notifications.view_message", {"figures"}),
        ("notifications.view_channel", {"channel"}),
        ("jobs.view_job", {"jobs_in_trouble"}),
        ("delivery.view_delivery", {"deliveries"}),
        ("orders.view_order", {"tomorrow"}),
        ("billing.view_bill", {"overdue"}),
        ("orders.view_announcement", {"announcements"}),
        ("notifications.view_messagetemplate", {"texts"}),
    ],
)
def test_each_card_takes_the_permission_of_what_is_behind_it(as_dev, permission, cards):
    context = shown(as_dev(permission))

    assert {card for card in CARDS if context[card] is not None} == cards


def test_who_may_see_nothing_is_told_whom_to_ask(as_dev):
    html = as_dev().get(FRONT).content.decode()

    assert "There is nothing here that you may see yet." in html
    assert "A customer calls" not in html


def test_who_writes_texts_sees_what_is_off_and_what_is_planned(as_dev):
    text = MessageTemplate.objects.get(kind="payment_reminder", language="en")
    MessageTemplate.objects.filter(pk=text.pk).update(active=False)

    html = (
        as_dev("notifications.view_messagetemplate", "orders.view_announcement").get(FRONT).content.decode()
    )

    assert (
        f'<a href="/admin/notifications/messagetemplate/{text.pk}/change/">Payment due, English</a>' in html
    )
    assert "None is under way or planned." in html


def test_who_may_only_look_at_failures_is_offered_to_look(as_dev):
    Message.objects.create(
        phone="+919876543210", kind="x", status="failed", error_code="131000", expires_at=clock.now()
    )

    html = as_dev("notifications.view_message").get(FRONT).content.decode()

    assert "Show them<" in html
    assert "Send again<" not in html


def test_who_may_not_pause_sees_no_switch(as_dev):
    html = as_dev("notifications.view_channel").get(FRONT).content.decode()

    assert "Messages are being sent." in html
    assert "Pause all messages" not in html


def test_the_page_asks_as_much_of_the_database_with_many_messages_as_with_few(
    desk, django_assert_max_num_queries
):
    told(300, "sending", "sent")
    told(40)

    with django_assert_max_num_queries(34):
        desk.get(FRONT)


def test_who_signs_in_comes_to_the_front_page(client, chitra):
    chitra.set_password("a password for tests")
    chitra.save()

    response = client.post("/admin/login/", {"username": "chitra", "password": "a password for tests"})

    assert response.url == FRONT


def ran(code, day, state, tries=1, said=""):
    job = Job.objects.get_or_create(code=code, defaults={"at": time(10)})[0]
    finished = timezone.now() if state == "done" else None
    return JobRun.objects.create(
        job=job, day=day, state=state, tries=tries, said=said, started_at=timezone.now(), finished_at=finished
    )

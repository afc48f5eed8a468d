"""Every act of staff is in the audit trail: who, what, on which row."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from backoffice import audit
from billing.models import Dispute
from delivery.models import Delivery
from earlybird.tests.filled import fill, somebody
from jobs.models import JobRun
from notifications.models import (
    Channel,
    ErasureEvent,
    Message,
    MessageTemplate,
    NotificationPreference,
)
from orders.models import Announcement, Order, Subscription

pytestmark = pytest.mark.django_db
TRAIL = "/admin/admin/logentry/"


@pytest.fixture
def chitra(client, settings):
    settings.MYOPERATOR_API = "memory"
    fill()
    LogEntry.objects.all().delete()
    client.force_login(User.objects.create_superuser("chitra"))
    return client


def chosen(client, page, name, *rows, **more):
    """Do an action of a list to these rows."""
    given = {"action": name, "_selected_action": [row.pk for row in rows], **more}
    return client.post(f"/admin/{page}/", given)


def kept():
    """(row, sentence) of each entry, the oldest first."""
    rows = LogEntry.objects.order_by("pk")
    assert {entry.user.username for entry in rows} <= {"chitra"}
    return [(entry.object_id, entry.get_change_message()) for entry in rows]


def test_sending_again_and_cancelling(chitra):
    message = Message.objects.filter(status="cancelled")[0]
    looked = chitra.post(reverse("admin:notifications_message_send_again", args=(message.pk,)))
    assert kept() == [], "nobody has said yes"
    chitra.post(f"{looked.url}confirm")
    chitra.post(f"{chosen(chitra, 'notifications/message', 'cancel', message).url}confirm")

    assert kept() == [(str(message.pk), "Queued again."), (str(message.pk), "Cancelled.")]


def test_stopping_and_resuming_the_channel(chitra):
    channel = Channel.objects.get()
    chitra.post(reverse("admin:notifications_channel_stop"), {"why": "Wrong prices"})
    chitra.post(reverse("admin:notifications_channel_resume"))

    paused = (str(channel.pk), "Paused all messages: Wrong prices")
    assert kept() == [paused, (str(channel.pk), "Resumed all messages")]
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {"channel"}, "not how it stood before"


def test_switching_a_text_off_and_on(chitra):
    text = MessageTemplate.objects.all()[0]
    chosen(chitra, "notifications/messagetemplate", "switch_off", text)
    chosen(chitra, "notifications/messagetemplate", "switch_on", text)

    assert kept() == [(str(text.pk), "Switched off."), (str(text.pk), "Switched on.")]


def test_erasing_a_person(chitra):
    row = NotificationPreference.objects.get()
    chosen(chitra, "notifications/notificationpreference", "erase_person", row, last_digits=row.phone[-4:])

    assert (str(ErasureEvent.objects.latest("pk").pk), "Erased this person.") in kept()
    assert not LogEntry.objects.filter(object_repr__contains=row.phone).exists()


def test_marking_delaying_and_sending_out_deliveries(chitra):
    rows = list(Delivery.objects.order_by("pk"))
    page = "delivery/delivery"
    chosen(chitra, page, "send_out", *rows)
    chosen(chitra, page, "delay", *rows, asked="1", apply="1", minutes="30")
    chosen(chitra, page, "mark_not_delivered", rows[0], asked="1", reason="nobody_home")
    Delivery.objects.update(date=timezone.localdate())
    chosen(chitra, page, "mark_delivered", rows[1])

    first, second = (str(row.pk) for row in rows)
    assert kept() == [
        (first, "Out for delivery."),
        (second, "Out for delivery."),
        (first, "Delayed by 30 minutes."),
        (second, "Delayed by 30 minutes."),
        (first, "Marked as not delivered."),
        (second, "Marked as delivered."),
    ]


def test_giving_a_route_to_an_agent(chitra):
    free = Delivery.objects.get(agent=None)
    agent = Delivery.objects.exclude(agent=None)[0].agent
    route = {"date": free.date, "area": free.area, "agent": agent.pk}
    chitra.post(reverse("admin:delivery_delivery_assign"), route)

    assert kept() == [(str(free.pk), "Given to Bilal.")]


def test_cancelling_an_order_and_ending_a_subscription(chitra):
    order, subscription = Order.objects.order_by("pk")[0], Subscription.objects.get()
    chosen(chitra, "orders/order", "cancel", order)
    chosen(chitra, "orders/subscription", "end", subscription)

    assert kept() == [(str(order.pk), "Cancelled."), (str(subscription.pk), "Cancelled.")]


def test_starting_and_stopping_an_announcement(chitra):
    pk = Announcement.objects.get().pk
    chitra.post(reverse("admin:orders_announcement_start", args=(pk,)))
    chitra.post(reverse("admin:orders_announcement_stop", args=(pk,)))

    assert kept() == [(str(pk), "Started, for 1 customer."), (str(pk), "Stopped.")]


def test_settling_a_dispute(chitra):
    pk = Dispute.objects.get().pk
    form = {"way": "refusal", "reason": "It was fresh."}
    chitra.post(reverse("admin:billing_dispute_settle", args=(pk,)), form)

    assert [row for row, words in kept() if words.startswith("Settled: ")] == [str(pk)]


def test_the_daily_jobs(chitra):
    run = JobRun.objects.get()
    chitra.post(reverse("admin:jobs_job_tick"))
    chosen(chitra, "jobs/jobrun", "again", run)

    again = (str(run.pk), "Asked for this day to be done again.")
    assert kept() == [(None, "Asked for what is due to be done now."), again]


def test_revoking_a_token(chitra):
    from knox.models import AuthToken

    chosen(chitra, "knox/authtoken", "revoke", AuthToken.objects.get())

    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == ("1 of asha", "Revoked.")


def test_sending_again_by_api(chitra):
    message = Message.objects.filter(status="cancelled")[0]
    api = APIClient()
    api.force_authenticate(User.objects.get(username="chitra"))
    assert api.post(f"/api/notifications/resend/msg_{message.pk}").status_code == 200

    assert kept() == [(str(message.pk), "Queued again, by API.")]


def test_what_is_refused_leaves_no_entry(chitra):
    chosen(chitra, "notifications/channel", "stop", Channel.objects.get())
    dev = somebody("notifications.view_channel")
    chosen(dev, "notifications/channel", "stop", Channel.objects.get(), why="No")

    assert kept() == []


# --- the page -------------------------------------------------------------------------------------------


def listed(client, **asked):
    return [entry.change_message for entry in client.get(TRAIL, asked).context["cl"].result_list]


def test_the_trail_says_who_did_what_on_which_row_with_a_link(chitra):
    order = Order.objects.order_by("pk")[0]
    audit.note(User.objects.get(username="chitra"), order, "Cancelled.")
    html = chitra.get(TRAIL).content.decode()

    assert f'<a href="/admin/orders/order/{order.pk}/change/">{order}</a>' in html
    assert "Cancelled." in html
    assert "chitra" in html


def test_the_trail_is_found_by_who_what_and_when(chitra):
    order, user = Order.objects.order_by("pk")[0], User.objects.get(username="chitra")
    audit.note(user, order, "one")
    audit.note_about(User.objects.get(username="asha"), Message, "two")
    LogEntry.objects.filter(change_message="two").update(action_time=timezone.now() - timedelta(days=3))

    assert listed(chitra) == ["two", "one"]
    assert (
        listed(chitra, q="Chitra") == listed(chitra, user=user.pk) == listed(chitra, part="orders") == ["one"]
    )
    assert listed(chitra, q=str(order.pk)) == listed(chitra, day="today") == ["one"]
    assert listed(chitra, day="week") == ["two", "one"]
    assert listed(chitra, day="yesterday") == []


@pytest.mark.parametrize(
    "asked", [{"user": "x"}, {"day": "never"}, {"part": "none"}, {"q": "½"}, {"p": "99999"}]
)
def test_what_the_trail_cannot_know_is_no_error_page(chitra, asked):
    assert chitra.get(TRAIL, asked, follow=True).status_code == 200


def test_the_trail_is_not_counted_and_nobody_changes_it(chitra):
    audit.note_about(User.objects.get(username="chitra"), Message, "one")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        chitra.get(TRAIL)
    counts = [one["sql"] for one in queries if "COUNT" in one["sql"] and "django_admin_log" in one["sql"]]

    assert all("LIMIT" in sql for sql in counts)
    assert chitra.get(f"{TRAIL}add/").status_code in (403, 404)


def test_a_page_of_the_trail_takes_as_many_statements_as_one_entry(chitra):
    def entered(many):
        for number in range(many):
            user = User.objects.create_user(f"staff{number}", is_staff=True)
            audit.note(user, user, "Looked.")
        with CaptureQueriesContext(connection) as asked:
            chitra.get(TRAIL)
        User.objects.filter(username__startswith="staff").delete()
        return len(asked)

    entered(1)
    assert entered(12) == entered(1)


def test_a_row_whose_page_one_may_not_open_is_named_without_a_link(chitra):
    order = Order.objects.order_by("pk")[0]
    audit.note(User.objects.get(username="chitra"), order, "Cancelled.")
    html = somebody("admin.view_logentry").get(TRAIL).content.decode()

    assert str(order) in html
    assert "/admin/orders/order/" not in html

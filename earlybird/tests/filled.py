"""A shop with a row of everything, and every page of the desk that there is."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from knox.models import AuthToken

from backoffice.models import Act
from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from delivery import actions as deliveries
from delivery.models import Agent
from jobs.models import Job, JobRun
from notifications import clock, staff, wishes
from notifications.models import (
    ApprovedTemplate,
    Attempt,
    Channel,
    ConsentEvent,
    CustomKind,
    ErasureEvent,
    InboundMessage,
    Message,
    MessageEvent,
    NotificationPreference,
    WebhookEvent,
)
from orders import actions, days
from orders.models import Announcement, Customer, Offer, Product, Subscription, SubscriptionPause

PHONE, BARE = "+919845098123", "9845098123"
FORMS = (BARE, "98450 98123", "98450-98123")  # as it would be seen anywhere
CODE = "HBgMOTE5ODc2NTQzMjEw"  # as WhatsApp's ids have it


def fill() -> None:
    """A row of every model that has a page; each that may speak of Asha has her number in it."""
    now = clock.now()
    asha = Customer.objects.create(name="Asha", phone=PHONE, area="Indiranagar", address="12, 100 Feet Road")
    milk = Product.objects.create(name="Cow milk", unit="500 ml", price="32.50")
    _bring(asha, milk)
    _subscribe(asha, milk)
    _charge(asha)
    _write(asha, now)
    _machine(now)
    _sign_ins()


def _bring(asha: Customer, milk: Product) -> None:
    bilal = Agent.objects.create(name="Bilal", phone="98765 43299")
    for day in (0, 1):
        order = actions.place_order(asha, days.today() + timedelta(days=1), [(milk, day + 1)])
    deliveries.assign(order.delivery, bilal)
    Dispute.objects.create(customer=asha, order=order, what=Dispute.What.values[0], words=f"Call me: {PHONE}")


def _subscribe(asha: Customer, milk: Product) -> None:
    tomorrow = days.today() + timedelta(days=1)
    subscription = Subscription.objects.create(customer=asha, product=milk, start=tomorrow)
    SubscriptionPause.objects.create(subscription=subscription, from_date=tomorrow + timedelta(days=9))
    Offer.objects.create(
        customer=asha,
        subscription=subscription,
        cause="pause_1",
        percent=25,
        made_at=clock.now(),
        until=clock.now() + timedelta(days=7),
    )
    Announcement.objects.create(product=milk)


def _charge(asha: Customer) -> None:
    month = date(2026, 11, 1)
    bill = Bill.objects.create(customer=asha, month=month, amount="450", due_date=date(2999, 12, 5))
    payment = Payment.objects.create(customer=asha, amount="100", method="upi", month=month, bill=bill)
    Adjustment.objects.create(customer=asha, amount="-10", reason="Sour milk")
    Refund.objects.create(customer=asha, payment=payment, amount="5", method="upi", reason="Too much")


def _write(asha: Customer, now: datetime) -> None:
    wishes.change(PHONE, {"order": False}, how=ConsentEvent.How.API, words=f"from {PHONE}")
    wishes.change(PHONE, {"order": True, "user": User.objects.create_user("asha")}, how=ConsentEvent.How.API)
    message = Message.objects.filter(phone=PHONE).latest("pk")
    Attempt.objects.create(message_id=message.pk, number=1, outcome="rejected", detail=f"{BARE} is wrong")
    MessageEvent.objects.create(message_id=message.pk, what="held", detail=f"about {PHONE}")
    staff.cancel([message.pk], "chitra")
    Message.objects.filter(pk=message.pk).update(
        text=f"We call {PHONE}.", error=f"{BARE} is not on WhatsApp.", variables={"phone": PHONE}
    )
    event = WebhookEvent.objects.create(
        event_id="e1",
        event_type="message.received",
        payload={"customer_identifier": f"91{BARE}", "id": f"wamid.{CODE}==", "text": f"I am {BARE}"},
    )
    InboundMessage.objects.create(
        phone=PHONE,
        type="text",
        text=f"My number is {BARE}",
        received_at=now,
        provider_message_id=f"wamid.{CODE}==",
        webhook_event_id=event.pk,
    )
    for row in (asha, NotificationPreference.objects.get(phone=PHONE)):
        _noted(row)


def _noted(row: Model) -> None:
    """As Django would have kept it before rows were named without their numbers."""
    LogEntry.objects.create(
        user=User.objects.get(username="asha"),
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr=PHONE,
        action_flag=ADDITION,
        change_message="Added.",
    )


def _machine(now: datetime) -> None:
    Act.objects.create(code="send_again", state="done", started_at=now, finished_at=now)
    CustomKind.objects.create(code="fair_day", label="A fair", category="utility", preference="order")
    ApprovedTemplate.objects.create(name="fair", language="en", status="approved", body="Hi", synced_at=now)
    ErasureEvent.objects.create(number_hash="0" * 64, token="erased-1", by="chitra", at=now)
    job = Job.objects.order_by("pk")[0]
    JobRun.objects.create(job=job, day=days.today(), state="done", started_at=now, finished_at=now)
    ClockedSchedule.objects.create(clocked_time=now)
    CrontabSchedule.objects.create()
    Group.objects.get_or_create(name="Night shift")
    SolarSchedule.objects.create(event="sunrise", latitude=12, longitude=77)
    with transaction.atomic():
        Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
    every, _ = IntervalSchedule.objects.get_or_create(every=7, period="minutes")
    PeriodicTask.objects.create(name="Look again", task="jobs.tasks.tick", interval=every)


def _sign_ins() -> None:
    AuthToken.objects.create(User.objects.get(username="asha"))
    tried = {"username": "asha", "ip_address": "127.0.0.1", "attempt_time": clock.now()}
    AccessAttempt.objects.create(**tried, failures_since_start=1)
    for model in (AccessFailureLog, AccessLog):
        model.objects.create(**tried)


class Page(NamedTuple):
    """A named address of the desk. `model`: `orders.order`; empty for the site's own."""

    name: str
    url: str
    model: str

    @property
    def what(self) -> str:
        return self.name.removeprefix(f"{self.model.replace('.', '_')}_")


def pages() -> Iterator[Page]:
    """Each with the first row there is, where it is a row's."""
    for model, page in admin.site._registry.items():
        label = model._meta.label_lower
        row = page.get_queryset(_Asked()).first() if hasattr(page, "get_queryset") else None
        assert row is not None, f"{label}: fill() makes none"
        for pattern in _named(page.urls):
            args = [1 if name == "number" else row.pk for name in pattern.pattern.converters]
            yield Page(pattern.name, reverse(f"admin:{pattern.name}", args=args), label)


def _named(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    yield from (pattern for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name)


class _Asked:
    """Enough of a request for `get_queryset`."""

    method, GET, user = "GET", {}, User(is_superuser=True, is_active=True)


def somebody(*rights: str, group: str = "", name: str = "dev") -> Client:
    """Signed in at the desk, with these permissions or as one of this group."""
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client

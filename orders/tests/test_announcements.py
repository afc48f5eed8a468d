"""Announcing a product to many: who is told, what it costs, and that it can be stopped."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications import clock, outbox
from notifications.models import Message, NotificationPreference, QueuedMessage
from notifications.tests.at_once import together
from orders import actions, announcements, audience, days, messages, previewing, tasks
from orders.models import Announcement, Customer, Product, Subscription

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nudged(monkeypatch):
    """How often a worker was asked to go on."""
    nudges: list[str] = []
    monkeypatch.setattr(announcements.NUDGER, "nudge", lambda: nudges.append(announcements.NUDGER.task))
    return nudges


@pytest.fixture
def paneer(db):
    return Product.objects.create(name="Paneer", unit="200 g", price="95", available_from=date(2026, 12, 1))


def people(*numbers, opted_in=True, **who):
    rows = [
        Customer.objects.create(name=f"C{n}", phone=f"+9198765{n:05}", **({"area": "Indiranagar"} | who))
        for n in numbers
    ]
    for row in rows if opted_in else ():
        outbox.opt_in(row.phone)
    return rows


@pytest.fixture
def announce(paneer):
    def make(**audience):
        return Announcement.objects.create(product=paneer, **audience)

    return make


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(announcements, "CHUNK", 2)


def names(announcement):
    return [customer.name for customer in audience.audience(announcement)]


def run(announcement):
    announcements.start(announcement)
    announcements.advance(clock.now())
    announcement.refresh_from_db()
    return announcement


# --- who ------------------------------------------------------------------------------------------------


def test_without_a_choice_it_is_for_everybody_who_was_not_erased(announce):
    people(1, 2)
    people(3, erased_at=clock.now())
    assert names(announce()) == ["C1", "C2"]


def test_an_audience_is_chosen_by_area_and_language(announce):
    people(1, area="Jayanagar")
    people(2, language="kn")
    people(3)
    assert names(announce(areas=["Jayanagar", "Whitefield"])) == ["C1"]
    assert names(announce(languages=["kn"])) == ["C2"]
    assert names(announce(areas=["Indiranagar"], languages=["en"])) == ["C3"]


def test_an_audience_is_chosen_by_what_they_bought(announce, milk):
    curd = Product.objects.create(name="Curd", unit="400 g", price="38")
    one, two, three, _ = people(1, 2, 3, 4)
    for customer, product in ((one, milk), (two, curd)):
        actions.place_order(customer, days.today(), [(product, 1)])
    actions.cancel(actions.place_order(three, days.today(), [(milk, 1)]))

    assert names(announce(bought=milk)) == ["C1"]
    assert names(announce(not_bought=milk)) == ["C2", "C3", "C4"]
    assert names(announce(bought=milk, bought_since=days.today() + DAY)) == []
    assert names(announce(not_bought=milk, bought_since=days.today() + DAY)) == ["C1", "C2", "C3", "C4"]


def test_an_audience_is_chosen_by_who_subscribes(announce, milk):
    runs, paused, over, _ = people(1, 2, 3, 4)
    start = days.today() - 9 * DAY
    Subscription.objects.create(customer=runs, product=milk, start=start)
    actions.pause(Subscription.objects.create(customer=paused, product=milk, start=start), days.today())
    Subscription.objects.create(customer=over, product=milk, start=start, end=start)

    assert names(announce(subscribers="yes")) == ["C1"]
    assert names(announce(subscribers="no")) == ["C2", "C3", "C4"]


# --- before it starts ---------------------------------------------------------------------------------------


def test_the_preview_says_who_is_told_who_is_not_and_why_and_the_price(
    announce, paneer, settings, small_chunks
):
    settings.NOTIFICATION_PRICE_MARKETING = Decimal("0.86")
    people(1, 2, 3, 4)
    people(5, 6, opted_in=False)
    stops = {"+919876500003": {"enabled": False}, "+919876500004": {"promotional": False}}
    for phone, wish in stops.items():
        NotificationPreference.objects.filter(phone=phone).update(**wish)
    messages.new_product(paneer, Customer.objects.filter(name="C2"))

    preview = previewing.preview(announce())

    assert (preview.told, preview.audience, preview.cost) == (1, 6, Decimal("0.86"))
    assert preview.left_out == {"no_opt_in": 2, "opted_out": 1, "category_off": 1, "known": 1}
    assert preview.reasons[0] == ("have not asked for offers", 2)


def test_who_is_not_on_whatsapp_is_counted_apart(announce):
    people(1)
    NotificationPreference.objects.update(unreachable_at=clock.now())
    assert previewing.preview(announce()).reasons == [("are not on WhatsApp", 1)]


def test_a_preview_tells_nobody(announce):
    people(1)
    previewing.preview(announce())
    assert not Message.objects.exists()


def test_the_preview_is_what_then_happens(announce):
    people(1, 2)
    people(3, opted_in=False)
    announcement = announce()
    preview = previewing.preview(announcement)
    run(announcement)
    assert (
        (announcement.queued, announcement.suppressed) == (preview.told, preview.left_out.total()) == (2, 1)
    )


# --- how it goes ----------------------------------------------------------------------------------------


def test_everybody_is_told_in_chunks_and_then_it_is_done(announce, texts_of, small_chunks):
    people(1, 2, 3, 4, 5)

    announcement = run(announce())

    assert (announcement.status, announcement.audience, announcement.reached) == ("done", 5, 5)
    assert texts_of("new_product") == ["🆕 Paneer 200 g available from December 1"] * 5
    assert set(Message.objects.values_list("reference_id", flat=True)) == {
        f"product_{announcement.product_id}"
    }


def test_it_does_not_go_before_its_time(announce, moved):
    people(1)
    announcement = announce(at=clock.now() + timedelta(hours=2))
    assert run(announcement).status == "scheduled"

    moved.forward(hours=3)
    announcements.advance(clock.now())

    announcement.refresh_from_db()
    assert announcement.status == "done"


def test_starting_asks_a_worker_to_go_on_at_once(announce, nudged, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        announcements.start(announce())
    assert nudged == [tasks.advance_announcements.name]


def test_starting_twice_starts_once(announce, texts_of):
    people(1)
    announcement = run(announce())
    announcements.start(announcement)
    announcements.advance(clock.now())
    assert len(texts_of("new_product")) == 1
    assert announcement.status == "done"


def test_a_draft_tells_nobody(announce):
    people(1)
    announce()
    assert announcements.advance(clock.now()) == 0
    assert not Message.objects.exists()


def test_a_second_announcement_of_a_product_passes_over_who_was_told(announce, texts_of):
    people(1)
    run(announce())
    people(2)
    second = run(announce())
    assert (second.queued, second.suppressed) == (1, 1)
    assert len(texts_of("new_product")) == 2


class Killed(BaseException):
    """The worker dies: nothing after this runs."""


def test_a_worker_that_is_killed_leaves_off_where_the_next_goes_on(
    announce, monkeypatch, small_chunks, texts_of
):
    people(1, 2, 3, 4, 5)
    announcement = announce()
    chunk = outbox.queue_chunk

    def dies(kind, items):
        chunk(kind, items)
        if Message.objects.count() > 2:
            raise Killed

    monkeypatch.setattr(outbox, "queue_chunk", lambda *of: dies(*of) or [None, None])
    announcements.start(announcement)
    with pytest.raises(Killed):
        announcements.advance(clock.now())
    monkeypatch.setattr(outbox, "queue_chunk", chunk)
    announcement.refresh_from_db()
    assert (announcement.status, announcement.reached) == ("running", 2)

    announcements.advance(clock.now())

    announcement.refresh_from_db()
    assert (announcement.status, announcement.reached) == ("done", 5)
    assert len(texts_of("new_product")) == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_everybody_once_and_count_right(announce, small_chunks, texts_of):
    people(*range(1, 12))
    announcement = announce()
    announcements.start(announcement)

    together(lambda: announcements.advance(clock.now()), 3)
    announcements.advance(clock.now())

    announcement.refresh_from_db()
    assert (announcement.status, announcement.queued, announcement.suppressed) == ("done", 11, 0)
    assert len(texts_of("new_product")) == 11


@pytest.mark.django_db(transaction=True)
def test_a_worker_passes_over_what_another_is_at(announce):
    people(1)
    announcement = announce()
    announcements.start(announcement)
    with transaction.atomic():
        Announcement.objects.select_for_update().get(pk=announcement.pk)
        other = threading.Thread(target=lambda: (announcements.advance(clock.now()), connection.close()))
        other.start()
        other.join(10)
        assert not other.is_alive()
    assert not Message.objects.exists()


# --- stop -------------------------------------------------------------------------------------------------


def test_what_is_stopped_tells_nobody_more_and_takes_back_what_waits(announce, monkeypatch, small_chunks):
    people(1, 2, 3, 4, 5)
    announcement = announce()
    announcements.start(announcement)
    announcements._tell(announcement.pk)

    announcements.stop(announcement)
    announcements.advance(clock.now())

    announcement.refresh_from_db()
    assert (announcement.status, announcement.reached, announcement.withdrawn) == ("stopped", 2, 2)
    assert set(Message.objects.values_list("status", flat=True)) == {"cancelled"}


def test_what_all_is_queued_can_still_be_stopped(announce, small_chunks):
    people(1, 2, 3, 4, 5)
    announcement = run(announce())
    announcements.stop(announcement)
    announcements.advance(clock.now())
    announcement.refresh_from_db()
    assert announcement.withdrawn == 5
    assert announcement.withdrawn_at


def test_whoever_was_not_told_is_told_by_the_next_announcement_and_who_was_is_not(announce, small_chunks):
    people(1, 2, 3)
    stopped = run(announce())
    QueuedMessage.objects.filter(message__phone="+919876500001").delete()  # sent
    announcements.stop(stopped)
    announcements.advance(clock.now())

    second = run(announce())

    assert (second.queued, second.suppressed) == (2, 1)


def test_other_announcements_go_on(announce, paneer, milk):
    people(1)
    stopped, other = announce(), Announcement.objects.create(product=milk)
    for announcement in (stopped, other):
        run(announcement)
    announcements.stop(stopped)
    announcements.advance(clock.now())
    statuses = dict(Message.objects.values_list("reference_id", "status"))
    assert statuses == {f"product_{stopped.product_id}": "cancelled", f"product_{other.product_id}": "queued"}


def test_what_a_worker_sends_at_this_moment_does_not_keep_it_from_being_stopped(announce, small_chunks):
    people(1, 2, 3)
    announcement = run(announce())
    QueuedMessage.objects.filter(pk=Message.objects.earliest("pk").pk).update(
        lease_until=clock.now() + timedelta(minutes=1), token=1
    )
    announcements.stop(announcement)
    announcements.advance(clock.now())
    announcement.refresh_from_db()
    assert announcement.withdrawn == 3
    assert QueuedMessage.objects.get().withdrawn == "cancelled"


def test_what_was_stopped_or_never_started_says_so(announce):
    announcement = announce()
    with pytest.raises(ValidationError, match="was not started"):
        announcements.stop(announcement)
    announcements.start(announcement)
    announcements.stop(announcement)
    with pytest.raises(ValidationError, match="was stopped"):
        announcements.start(announcement)


# --- at the desk --------------------------------------------------------------------------------------------

LIST = "/admin/orders/announcement/"


def test_staff_plan_an_announcement(desk, chitra, paneer, milk):
    people(1)
    fields = {"product": paneer.pk, "areas": ["Indiranagar"], "languages": ["en", "kn"], "subscribers": "any"}
    answer = desk.post(f"{LIST}add/", fields | {"bought": milk.pk, "at_0": "", "at_1": ""})
    made = Announcement.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/start"
    assert (made.areas, made.languages, made.bought, made.made_by) == (
        ["Indiranagar"],
        ["en", "kn"],
        milk,
        chitra,
    )


def test_staff_see_the_numbers_before_they_start(desk, announce, settings):
    settings.NOTIFICATION_PRICE_MARKETING = Decimal("0.86")
    people(1, 2)
    people(3, opted_in=False)
    announcement = announce()

    page = " ".join(desk.get(f"{LIST}{announcement.pk}/start").content.decode().split())

    assert "<strong>2</strong> of 3 customers" in page
    assert "₹1.72" in page
    assert "<strong>1</strong> have not asked for offers" in page
    announcement.refresh_from_db()
    assert announcement.status == "draft"


def test_staff_start_it_watch_it_and_stop_it(desk, chitra, announce):
    people(1, 2)
    announcement = announce()
    page = f"{LIST}{announcement.pk}/change/"
    assert "Preview and start" in desk.get(page).content.decode()

    desk.post(f"{LIST}{announcement.pk}/start")
    announcements.advance(clock.now())
    shown = desk.get(page).content.decode()
    assert "2 of 2 customers" in shown
    assert 'name="_save"' not in shown
    assert "Preview and start" not in shown

    assert "being taken back" in desk.post(f"{LIST}{announcement.pk}/stop", follow=True).content.decode()
    announcement.refresh_from_db()
    assert (announcement.started_by, announcement.stopped_by, announcement.status) == (
        chitra,
        chitra,
        "stopped",
    )


def test_one_customer_is_no_customers(desk, announce):
    people(1)
    announcement = announce()
    start = desk.get(f"{LIST}{announcement.pk}/start").content.decode()
    announcements.start(announcement)
    announcements.advance(clock.now())

    pages = (LIST, f"{LIST}{announcement.pk}/change/", "/admin/")
    shown = start + "".join(desk.get(page).content.decode() for page in pages)

    assert "1 customer" in shown
    assert "1 customers" not in shown


def test_a_draft_that_was_changed_while_one_looked_is_not_started(desk, announce):
    people(1, 2)
    announcement = announce(areas=["Indiranagar"])
    page = f"{LIST}{announcement.pk}/start"
    seen = desk.get(page).context["seen"]
    Announcement.objects.update(areas=[])

    answer = desk.post(page, {"seen": seen}, follow=True)

    assert "nothing was started" in answer.content.decode()
    assert Announcement.objects.get().status == "draft"
    desk.post(page, {"seen": answer.context["seen"]})
    assert Announcement.objects.get().status == "scheduled"


def test_what_was_started_is_not_changed_any_more(desk, announce):
    announcement = run(announce())
    desk.post(f"{LIST}{announcement.pk}/change/", {"subscribers": "no", "areas": ["Jayanagar"]})
    announcement.refresh_from_db()
    assert (announcement.subscribers, announcement.areas) == ("any", [])


def test_the_page_looks_again_by_itself_while_the_numbers_move(desk, announce):
    announcement = announce()
    seen = []
    for step in (lambda: announcements.start(announcement), lambda: run(announcement)):
        step()
        page = desk.get(f"{LIST}{announcement.pk}/change/").content.decode()
        seen.append(f'hx-get="{LIST}{announcement.pk}/progress"' in page)
    assert seen == [True, False]


def test_a_draft_is_locked_while_it_is_saved_so_that_starting_it_is_not_overwritten(desk, announce):
    announcement = announce()
    fields = {"product": announcement.product_id, "subscribers": "no", "at_0": "", "at_1": ""}
    with CaptureQueriesContext(connection) as asked:
        desk.post(f"{LIST}{announcement.pk}/change/", fields)
    locks = [
        query["sql"]
        for query in asked
        if "orders_announcement" in query["sql"] and "FOR UPDATE" in query["sql"]
    ]
    assert locks
    announcement.refresh_from_db()
    assert announcement.subscribers == "no"


def test_several_are_stopped_from_the_list(desk, announce):
    draft, running = announce(), announce()
    announcements.start(running)
    answer = desk.post(LIST, {"action": "stop", "_selected_action": [draft.pk, running.pk]}, follow=True)
    assert "was not started" in answer.content.decode()
    running.refresh_from_db()
    assert running.status == "stopped"


def test_nobody_without_the_permission_starts_or_stops_one(client, announce, django_user_model):
    client.force_login(django_user_model.objects.create_user("dev", is_staff=True))
    announcement = run(announce())
    for what in ("start", "stop"):
        assert client.post(f"{LIST}{announcement.pk}/{what}").status_code == 403
    announcement.refresh_from_db()
    assert announcement.status == "done"


def test_a_stop_is_never_a_link(desk, announce):
    assert desk.get(f"{LIST}{run(announce()).pk}/stop").status_code == 405


@pytest.mark.parametrize("name", ["announcement", "offer"])
def test_the_lists_open_and_can_be_searched(desk, announce, name):
    announce()
    assert desk.get(f"/admin/orders/{name}/?q=paneer").status_code == 200


def test_announcing_by_hand_refers_to_the_product(asha, milk, texts_of):
    outbox.opt_in(asha.phone)
    milk.available_from = date(2026, 12, 1)
    bilal = Customer.objects.create(name="Bilal", phone="+919876543211", language="hi")
    outbox.opt_in(bilal.phone)
    assert messages.new_product(milk, Customer.objects.order_by("pk")) == 2
    assert messages.new_product(milk, Customer.objects.order_by("pk")) == 0
    assert texts_of("new_product") == [
        "🆕 Cow milk 500 ml available from December 1",
        "🆕 Cow milk 500 ml 1 दिसंबर से उपलब्ध है",
    ]
    assert Message.objects.first().reference_id == f"product_{milk.pk}"


def test_an_announcement_carries_what_staff_may_write_into_the_text(asha, milk):
    outbox.opt_in(asha.phone)
    messages.new_product(milk, [asha])
    assert Message.objects.get().variables == {
        "customer_name": "Asha",
        "product": "Cow milk 500 ml",
        "product_id": str(milk.pk),
        "availability_date": str(days.today()),
        "price": "32.50",
    }

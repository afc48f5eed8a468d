from datetime import timedelta
from itertools import chain

import pytest

from jobs import ticking
from notifications import clock
from orders import actions, days
from orders.cutoff import cut_off
from orders.models import Customer, Product, Subscription, SubscriptionPause
from orders.tests.conftest import at_once, named, signed_in, walk

pytestmark = pytest.mark.django_db
URL = "/api/subscriptions"


@pytest.fixture
def today():
    return days.today()


@pytest.fixture
def body(asha, milk, tomorrow):
    return {"customer": asha.pk, "product": milk.pk, "start": tomorrow.isoformat()}


@pytest.fixture
def of(subscription):
    """The address of an action of the subscription."""
    return lambda act="": f"{URL}/{subscription.pk}{act and '/' + act}"


def test_a_subscription_is_started_and_announced(api, body, texts_of):
    answer = api.post(URL, body | {"pattern": "custom_days", "weekdays": [4, 0, 0]}, format="json")
    assert answer.status_code == 201
    assert answer.json() | {"created_at": None, "next_delivery": None} == {
        "id": Subscription.objects.get().pk,
        **body,
        "quantity": 1,
        "pattern": "custom_days",
        "weekdays": [0, 4],
        "end": None,
        "status": "active",
        "pauses": [],
        "next_delivery": None,
        "created_at": None,
    }
    assert texts_of("subscription_confirmation") == ["✓ Subscription active: Cow milk 500 ml"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"pattern": "hourly"}, "pattern"),
        ({"weekdays": [7]}, "weekdays.0"),
        ({"weekdays": [True]}, "weekdays.0"),
        ({"weekdays": "monday"}, "weekdays"),
        ({"weekdays": None}, "weekdays"),
        ({"pattern": "custom_days"}, "weekdays"),
        ({"pattern": "weekly", "weekdays": [0, 3]}, "weekdays"),
        ({"end": "2026-01-01"}, "end"),
        ({"start": "2026-01-01"}, "start"),
        ({"start": "9999-12-31"}, "start"),
        ({"start": None}, "start"),
        ({"product": 0}, "product"),
        ({"customer": "x"}, "customer"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_naming_the_field(api, body, change, field):
    answer = api.post(URL, body | change, format="json")
    assert (answer.status_code, list(named(answer))) == (400, [field])
    assert not Subscription.objects.exists()


def test_a_customer_who_was_erased_is_refused(api, body, milk, tomorrow):
    Customer.objects.update(erased_at="2026-11-01T10:00+05:30")
    assert "was erased" in named(api.post(URL, body, format="json"))["customer"]
    order = {"customer": body["customer"], "delivery_date": str(tomorrow)}
    asked = order | {"items": [{"product": milk.pk, "quantity": 1}]}
    assert "was erased" in named(api.post("/api/orders", asked, format="json"))["customer"]
    assert not Subscription.objects.exists()


def test_the_last_of_all_days_may_be_the_end(api, of):
    answer = api.patch(of(), {"end": "9999-12-31"}, format="json")
    assert (answer.status_code, answer.json()["end"]) == (200, "9999-12-31")


def test_an_end_before_the_start_is_refused_in_the_models_words(api, body, today):
    answer = api.post(URL, body | {"end": today.isoformat()}, format="json")
    assert named(answer) == {"end": "The end is before the start."}


def test_a_subscription_is_changed_where_it_is_asked(api, of, tomorrow, texts_of):
    body = {"quantity": 2, "pattern": "weekly", "weekdays": [6], "end": tomorrow.isoformat()}
    answer = api.patch(of(), body, format="json")
    assert answer.status_code == 200
    assert answer.json() == answer.json() | body
    assert len(texts_of("subscription_confirmation")) == 1


def test_weekdays_are_judged_with_the_pattern_that_is_kept(api, of, subscription):
    Subscription.objects.update(pattern="custom_days", weekdays=[0, 3])
    answer = api.patch(of(), {"weekdays": []}, format="json")
    assert named(answer) == {"weekdays": "Choose at least one weekday."}
    answer = api.patch(of(), {"pattern": "weekly"}, format="json")
    assert (answer.status_code, list(named(answer))) == (400, ["weekdays"])


def test_customer_product_and_start_stay(api, of, today):
    curd = Product.objects.create(name="Curd", unit="400 g", price="38")
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    body = {"customer": bilal.pk, "product": curd.pk, "start": today.isoformat()}
    answer = api.patch(of(), body, format="json")
    assert (answer.status_code, sorted(named(answer))) == (400, ["customer", "product", "start"])


def test_what_was_read_may_be_sent_back_as_it_is(api, of, subscription, today):
    Subscription.objects.update(start=today - timedelta(days=9), end=today - timedelta(days=2))
    read = api.get(of()).json()
    answer = api.patch(of(), read, format="json")
    assert (answer.status_code, answer.json()) == (200, read)


def test_a_status_is_not_written(api, of):
    assert api.patch(of(), {"status": "cancelled"}, format="json").json()["status"] == "active"


def test_a_pause_shows_in_the_subscription_and_is_told(api, of, today, texts_of):
    body = {
        "from_date": today.isoformat(),
        "resume_date": (today + timedelta(days=9)).isoformat(),
        "reason": "Holiday",
    }
    answer = api.post(of("pause"), body, format="json")
    assert (answer.status_code, answer.json()["status"], answer.json()["pauses"]) == (200, "paused", [body])
    assert len(texts_of("pause_confirmation")) == 1


def test_a_pause_of_which_nothing_is_said_begins_tomorrow(api, of, tomorrow):
    answer = api.post(of("pause"))
    assert answer.status_code == 200
    assert answer.json()["pauses"] == [{"from_date": tomorrow.isoformat(), "resume_date": None, "reason": ""}]


def test_pausing_twice_for_the_same_days_is_one_pause_and_one_message(api, of, texts_of):
    first, second = api.post(of("pause")), api.post(of("pause"))
    assert first.json() == second.json()
    assert len(texts_of("pause_confirmation")) == 1


def test_a_pause_repeated_late_with_its_key_pauses_nothing_again(api, of, tomorrow):
    def pause():
        body = {"from_date": str(tomorrow), "resume_date": str(tomorrow + timedelta(days=3))}
        return api.post(of("pause"), body, format="json", headers={"Idempotency-Key": "app-1"})

    assert len(pause().json()["pauses"]) == 1
    api.post(of("resume"), headers={"Idempotency-Key": "app-2"})

    again = pause()
    assert (again.status_code, again.json()["pauses"], again.json()["kept_orders"]) == (200, [], [])
    assert not SubscriptionPause.objects.exists()


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_a_key_names_one_request_to_do_something(api, of, tomorrow, act):
    headers = {"Idempotency-Key": "app-1"}
    api.post(of("pause"), {"from_date": str(tomorrow + timedelta(days=9))}, format="json", headers=headers)

    answer = api.post(of(act), {"from_date": str(tomorrow)}, format="json", headers=headers)

    assert answer.status_code == 422


def test_only_pauses_that_are_not_over_are_shown_the_next_first(api, of, subscription, today):
    soon, later = today + timedelta(days=5), today + timedelta(days=20)
    actions.pause(subscription, today - timedelta(days=5), today)
    actions.pause(subscription, later)
    actions.pause(subscription, soon, later - timedelta(days=1))
    shown = [pause["from_date"] for pause in api.get(of()).json()["pauses"]]
    assert shown == [soon.isoformat(), later.isoformat()]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from_date": "2026-01-01"}, "from_date"),
        ({"from_date": "9999-12-31"}, "from_date"),
        ({"from_date": None}, "from_date"),
        ({"from_date": 1}, "from_date"),
        ({"resume_date": "2026-01-01"}, "resume_date"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "\x00"}, "reason"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_naming_the_field(api, of, body, field):
    answer = api.post(of("pause"), body, format="json")
    assert (answer.status_code, list(named(answer))) == (400, [field])
    assert not SubscriptionPause.objects.exists()


def test_a_pause_ends_after_it_begins(api, of, tomorrow):
    body = {"from_date": tomorrow.isoformat(), "resume_date": tomorrow.isoformat()}
    answer = api.post(of("pause"), body, format="json")
    assert named(answer) == {"resume_date": "The day to resume must come after the day the pause begins."}


def test_a_pause_after_the_last_day_is_refused(api, of, tomorrow, texts_of):
    Subscription.objects.update(end=tomorrow)
    answer = api.post(of("pause"), {"from_date": (tomorrow + timedelta(1)).isoformat()}, format="json")
    assert (answer.status_code, list(named(answer))) == (400, ["from_date"])
    assert texts_of("pause_confirmation") == []


def test_resuming_lifts_the_pauses_however_often_it_is_asked(api, of, today):
    api.post(of("pause"), {"from_date": today.isoformat()}, format="json")
    first, second = api.post(of("resume")), api.post(of("resume"))
    assert (first.status_code, first.json()["status"], first.json()["pauses"]) == (200, "active", [])
    assert first.json() == second.json()


def test_cancelling_is_final_however_often_it_is_asked(api, of):
    first, second = api.post(of("cancel")), api.post(of("cancel"))
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert first.json() == second.json()


def test_what_is_cancelled_is_not_paused_resumed_or_changed(api, of):
    api.post(of("cancel"))
    for answer in (
        api.post(of("pause")),
        api.post(of("resume")),
        api.patch(of(), {"quantity": 2}, format="json"),
    ):
        assert answer.status_code == 409
        assert named(answer) == {"status": "This subscription is cancelled. Start a new one."}


def test_a_customer_reads_their_subscriptions_and_changes_none(as_asha, of):
    assert as_asha.get(of()).status_code == 200
    for answer in (
        as_asha.post(of("pause")),
        as_asha.post(of("resume")),
        as_asha.post(of("cancel")),
        as_asha.patch(of(), {"quantity": 2}, format="json"),
    ):
        assert answer.status_code == 403


def test_a_customer_sees_no_subscription_of_somebody_else(as_asha, milk, tomorrow):
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    other = Subscription.objects.create(customer=bilal, product=milk, start=tomorrow)
    assert as_asha.get(URL).json()["results"] == []
    assert as_asha.get(f"{URL}/{other.pk}").status_code == 404
    assert as_asha.post(f"{URL}/{other.pk}/pause").status_code == 404


def test_to_pause_takes_the_permission_to_change(staff, of):
    dev = staff("view_subscription", "add_subscription")
    assert dev.post(of("pause")).status_code == 403


def test_staff_who_may_change_may_pause(staff, of):
    assert staff("view_subscription", "change_subscription").post(of("pause")).status_code == 200


def test_subscriptions_are_filtered_by_what_they_are(api, subscription, milk, tomorrow):
    bilal = Customer.objects.create(name="Bilal", phone="98765 43211")
    curd = Product.objects.create(name="Curd", unit="400 g", price="38")
    other = actions.end(
        Subscription.objects.create(customer=bilal, product=curd, start=tomorrow, pattern="weekly")
    )
    for query, expected in (
        ({"customer": bilal.pk}, [other.pk]),
        ({"product": milk.pk}, [subscription.pk]),
        ({"status": "active"}, [subscription.pk]),
        ({"pattern": "weekly"}, [other.pk]),
        ({}, [subscription.pk, other.pk]),
    ):
        found = api.get(URL, query).json()["results"]
        assert sorted(row["id"] for row in found) == expected, query


@pytest.mark.parametrize(
    ("name", "value"), [("status", "lapsed"), ("product", "milk"), ("ordering", "start")]
)
def test_a_filter_that_makes_no_sense_is_refused_naming_it(api, name, value):
    answer = api.get(URL, {name: value})
    assert (answer.status_code, list(named(answer))) == (400, [name])


def test_there_and_back_every_subscription_is_shown_once(api, asha, milk, tomorrow):
    for _ in range(5):
        Subscription.objects.create(customer=asha, product=milk, start=tomorrow)
    there, last = walk(api, f"{URL}?limit=2")
    back, _ = walk(api, last["previous"], "previous")
    assert sorted(chain(*there)) == sorted(Subscription.objects.values_list("pk", flat=True))
    assert back[::-1] == there[:-1]


def test_the_answer_says_when_it_is_really_brought_first(api, body, of, moved):
    moved.set(cut_off(days.today() + timedelta(days=1)) + timedelta(minutes=1))
    ticking.tick(clock.now())
    asked = body | {"start": str(days.today() + timedelta(days=1))}
    first = str(days.today() + timedelta(days=2))

    made = api.post(URL, asked, format="json").json()

    assert made["next_delivery"] == first
    assert api.get(f"{URL}/{made['id']}").json()["next_delivery"] == first
    assert api.post(f"{URL}/{made['id']}/pause", {}, format="json").json()["next_delivery"] is None
    assert api.post(f"{URL}/{made['id']}/resume").json()["next_delivery"] == first
    assert api.get(URL).json()["results"][0]["next_delivery"] == first


def test_a_page_of_fifty_subscriptions_takes_nine_queries(
    api, asha, milk, tomorrow, django_assert_max_num_queries
):
    rows = Subscription.objects.bulk_create(
        Subscription(customer=asha, product=milk, start=tomorrow) for _ in range(50)
    )
    SubscriptionPause.objects.bulk_create(
        SubscriptionPause(subscription=row, from_date=tomorrow) for row in rows
    )
    with django_assert_max_num_queries(9):
        assert len(api.get(URL).json()["results"]) == 50


@pytest.mark.django_db(transaction=True)
def test_a_subscription_sent_by_four_at_once_with_one_key_is_one(chitra, body, texts_of):
    def ask():
        headers = {"Idempotency-Key": "once"}
        return signed_in(chitra).post(URL, body, format="json", headers=headers)

    assert {answer.json()["id"] for answer in at_once(ask)} == {Subscription.objects.get().pk}
    assert len(texts_of("subscription_confirmation")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_pause_asked_for_by_four_at_once_is_one_pause_and_one_message(chitra, of, texts_of):
    answers = at_once(lambda: signed_in(chitra).post(of("pause")))
    assert {answer.status_code for answer in answers} == {200}
    assert SubscriptionPause.objects.count() == len(texts_of("pause_confirmation")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_that_agree_alone_and_not_together_are_not_both_kept(chitra, of, subscription):
    Subscription.objects.update(weekdays=[0, 3])
    waiting = [{"pattern": "custom_days"}, {"weekdays": []}]
    answers = at_once(lambda: signed_in(chitra).patch(of(), waiting.pop(), format="json"), 2)
    assert sorted(answer.status_code for answer in answers) == [200, 400]

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from notifications import outbox
from notifications.models import Message, MessageTemplate
from orders import actions, days
from orders.models import Subscription, SubscriptionPause

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return days.today()


def test_a_subscription_that_becomes_active_is_confirmed(subscription, texts_of):
    assert texts_of("subscription_confirmation") == ["✓ Subscription active: Cow milk 500 ml"]


def test_saving_a_subscription_twice_confirms_it_once(subscription, texts_of):
    subscription.save()
    assert len(texts_of("subscription_confirmation")) == 1


def test_a_subscription_that_a_program_writes_with_texts_is_confirmed(asha, milk, tomorrow):
    end = tomorrow + timedelta(days=9)
    Subscription.objects.create(customer=asha, product=milk, start=str(tomorrow), end=str(end))
    assert Message.objects.get().variables["start_date"] == str(tomorrow)


def test_a_subscription_is_confirmed_when_it_becomes_active_later(asha, milk, tomorrow, texts_of):
    waiting = Subscription.objects.create(customer=asha, product=milk, start=tomorrow, status="paused")
    assert texts_of("subscription_confirmation") == []
    assert actions.resume(waiting).status == "active"
    assert len(texts_of("subscription_confirmation")) == 1


def test_a_pause_is_confirmed_with_the_day_it_ends(subscription, today, texts_of):
    february = date(today.year + (today.month > 1), 2, 1)
    pause = actions.pause(subscription, today, february, "Holiday").pause
    assert texts_of("pause_confirmation") == ["⏸️ Subscription paused until February 1"]
    assert Message.objects.get(kind="pause_confirmation").reference_id == f"subscription_{subscription.pk}"
    assert pause.reason == "Holiday"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "⏸️ Subscription paused until you resume"),
        ("hi", "⏸️ सब्सक्रिप्शन रुका रहेगा, फिर शुरू: जब आप चाहें"),
        ("ml", "⏸️ Subscription paused until you resume"),
    ],
)
def test_an_open_ended_pause_reads_on_in_the_customers_language(
    asha, subscription, today, texts_of, language, text
):
    asha.language = language
    asha.save()
    actions.pause(Subscription.objects.get(), today)
    assert texts_of("pause_confirmation") == [text]


@pytest.mark.parametrize(
    ("has_text", "text"),
    [
        (True, "⏸️ सब्सक्रिप्शन रुका रहेगा, फिर शुरू: जब आप चाहें"),
        (False, "⏸️ Subscription paused until you resume"),
    ],
)
def test_an_open_ended_pause_reads_on_in_the_language_of_its_text(
    asha, subscription, today, texts_of, has_text, text
):
    """Asha's record says English; for messages she chose Hindi."""
    outbox.opt_in(asha.phone, language="hi")
    if not has_text:
        MessageTemplate.objects.filter(kind="pause_confirmation", language="hi").delete()
    actions.pause(subscription, today)
    assert texts_of("pause_confirmation") == [text]


def test_pausing_twice_for_the_same_days_is_one_pause(subscription, today, texts_of):
    assert actions.pause(subscription, today) == actions.pause(subscription, today)
    assert len(texts_of("pause_confirmation")) == 1


def test_a_pause_from_today_pauses_the_subscription(subscription, today):
    actions.pause(subscription, today)
    assert Subscription.objects.get().status == "paused"


def test_a_pause_that_begins_later_leaves_the_subscription_running(subscription, tomorrow):
    actions.pause(subscription, tomorrow)
    assert Subscription.objects.get().status == "active"


def test_resuming_ends_the_pause_today(subscription, today):
    pause = actions.pause(subscription, today - timedelta(days=3)).pause
    assert actions.resume(subscription).status == "active"
    pause.refresh_from_db()
    assert pause.resume_date == today


def test_resuming_lifts_a_pause_that_has_not_begun(subscription, tomorrow):
    actions.pause(subscription, tomorrow)
    actions.resume(subscription)
    assert not SubscriptionPause.objects.exists()
    assert Message.objects.get(kind="pause_confirmation").status == "cancelled"


def test_resuming_twice_changes_nothing(subscription, today, texts_of):
    actions.pause(subscription, today - timedelta(days=3))
    actions.resume(subscription)
    assert actions.resume(subscription).status == "active"
    assert len(texts_of("subscription_confirmation")) == 1


def test_a_pause_that_is_over_lets_the_subscription_run_again(subscription, today):
    actions.pause(subscription, today - timedelta(days=3), today)
    assert Subscription.objects.get().status == "active"


def test_a_cancelled_subscription_is_final(subscription, today):
    actions.end(subscription)
    assert actions.end(subscription).status == "cancelled"
    for act in (actions.resume, lambda row: actions.pause(row, today)):
        with pytest.raises(ValidationError, match="is cancelled"):
            act(subscription)


def test_cancelling_a_subscription_withdraws_what_was_to_be_said_of_it(subscription):
    actions.end(subscription)
    assert Message.objects.get(kind="subscription_confirmation").status == "cancelled"


def test_a_subscription_that_a_program_saves_as_paused_is_not_brought(subscription, today):
    subscription.status = "paused"
    subscription.save(update_fields=["status"])

    pause = subscription.pauses.get()
    assert (pause.from_date, pause.resume_date) == (today, None)
    assert actions.follow_pauses(subscription).status == "paused"


def test_a_subscription_that_is_paused_already_gets_no_second_pause(subscription, today):
    actions.pause(subscription, today, today + timedelta(days=3))
    subscription.refresh_from_db()
    subscription.save()

    assert subscription.pauses.get().resume_date == today + timedelta(days=3)

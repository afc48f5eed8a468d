"""The page of the sending number: how it stands, its history, and the switch."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from notifications import channel as as_engine
from notifications import staff
from notifications.models import Channel, ChannelEvent, QueuedMessage, Reach
from notifications.providers.base import ChannelDown
from notifications.tests.admin.conftest import told
from notifications.tests.conftest import ASHA, BILAL

pytestmark = pytest.mark.django_db

CHANNEL = "/admin/notifications/channel/"
STOP, RESUME = f"{CHANNEL}stop", f"{CHANNEL}resume"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHY = "The wrong text went out."


@pytest.fixture
def channel(settings):
    return Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER)


def stands(channel):
    channel.refresh_from_db()
    return channel.state, channel.reason, channel.changed_by


def history():
    return list(ChannelEvent.objects.values_list("state", "reason", "by"))


@pytest.mark.parametrize(
    ("tier_", "said"),
    [
        ("2000", "1,640 of 2,000 people in 24 h (82 %), counted on 20 November"),
        ("unlimited", "1,640 people in 24 h (no limit), counted on 20 November"),
    ],
)
def test_staff_see_whom_we_wrote_to_first(chitra, settings, channel, tier_, said):
    settings.MYOPERATOR_TIER = tier_
    Reach.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, people=1640, counted_at=NOW)

    assert said in chitra.get(CHANNEL).content.decode()


def test_before_the_first_count_staff_see_that(chitra):
    assert "Not counted yet." in chitra.get(CHANNEL).content.decode()


def test_a_number_never_sent_from_can_be_paused_too(chitra):
    assert "Messages are being sent." in chitra.get(CHANNEL).content.decode()

    chitra.post(STOP, {"why": WHY})

    assert Channel.objects.get().state == "stopped"


def test_staff_pause_all_messages_and_say_why(chitra, channel):
    response = chitra.post(STOP, {"why": WHY}, follow=True)

    assert stands(channel) == ("stopped", WHY, "chitra")
    assert told(response) == ["Paused. Messages are kept and wait."]
    html = response.content.decode()
    assert "by chitra" in html
    assert WHY in html
    assert history() == [("stopped", WHY, "chitra")]


def test_without_a_reason_nothing_is_paused(chitra, channel):
    response = chitra.post(STOP, {"why": "  "})

    assert "Nothing was paused: say why" in response.content.decode()
    assert stands(channel) == ("open", "", "")


def test_to_look_at_the_question_pauses_nothing(chitra, channel):
    assert "Nothing more is sent to anybody" in chitra.get(STOP).content.decode()

    assert stands(channel) == ("open", "", "")


def test_who_pauses_what_is_paused_is_told_by_whom(chitra, channel):
    staff.stop_channel("dev", "Mine.")

    response = chitra.post(STOP, {"why": WHY}, follow=True)

    assert told(response) == ["It is paused already, by dev: Mine."]
    assert stands(channel) == ("stopped", "Mine.", "dev")


def test_staff_resume(chitra, channel):
    staff.stop_channel("dev", WHY)

    response = chitra.post(RESUME, follow=True)

    assert stands(channel) == ("open", "", "chitra")
    assert told(response) == ["Sending again."]
    assert history() == [("open", "", "chitra"), ("stopped", WHY, "dev")]


@pytest.mark.parametrize("page", [RESUME, "/admin/notifications/message/attention/channel/"])
def test_a_pause_that_came_while_one_looked_is_not_taken_back(chitra, channel, page):
    Channel.objects.update(state="outage")
    known = re.search('name="seen" value="([^"]+)"', chitra.get(page).content.decode())[1]
    staff.stop_channel("dev", WHY)

    act = page if page == RESUME else f"{page}do"
    response = chitra.post(act, {"seen": known}, follow=True)

    assert told(response) == [f"Nothing was resumed. dev paused all messages while you were looking: {WHY}"]
    assert stands(channel) == ("stopped", WHY, "dev")
    known = re.search('name="seen" value="([^"]+)"', chitra.get(page).content.decode())[1]
    chitra.post(act, {"seen": known})
    assert stands(channel)[0] == "open"


def test_resuming_shows_what_will_go_first(chitra, channel, texts, settings):
    settings.MYOPERATOR_RATE_LIMIT = 1
    staff.stop_channel("dev", WHY)
    waits(ASHA)
    waits(BILAL)
    waits("+919876543212", due_at=timezone.now() + timedelta(hours=2))
    waits("+919876543213", expires_at=timezone.now() - timedelta(minutes=1))
    waits("+919876543214", held_for="staff")

    found = chitra.get(RESUME).context["backlog"]

    assert (found.goes, found.later, found.worthless, found.held) == (2, 1, 1, 1)
    assert found.seconds == 2
    assert Channel.objects.get().state == "stopped"


def test_what_waited_for_the_provider_goes_too(chitra, channel, texts):
    staff.stop_channel("dev", WHY)
    waits(ASHA, due_at=timezone.now() + timedelta(minutes=5), waits_for="provider")

    assert chitra.get(RESUME).context["backlog"].goes == 1


def test_an_open_channel_is_not_resumed(chitra, channel):
    assert told(chitra.post(RESUME, follow=True)) == ["It is open already: messages are sent."]
    assert history() == []


def test_from_the_front_page_one_comes_back_to_it(chitra, channel):
    assert chitra.post(STOP, {"why": WHY, "back": "front"}).url == "/admin/"
    assert chitra.post(RESUME, {"back": "elsewhere"}).url == CHANNEL


@pytest.mark.parametrize("page", [STOP, RESUME])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_only_look_neither_pauses_nor_resumes(dev, channel, page, method):
    assert getattr(dev, method)(page, {"why": WHY}).status_code == 403
    assert stands(channel) == ("open", "", "")


def test_who_may_only_look_sees_no_switch(dev, channel):
    html = dev.get(CHANNEL).content.decode()

    assert "Messages are being sent." in html
    assert STOP not in html


def test_the_switch_is_in_the_audit_trail(chitra, channel):
    chitra.post(STOP, {"why": WHY})
    chitra.post(RESUME)

    words = LogEntry.objects.order_by("pk").values_list("user__username", "change_message")
    assert list(words) == [("chitra", f"Paused all messages: {WHY}"), ("chitra", "Resumed all messages")]


def test_the_engine_leaves_its_own_changes_in_the_history(channel):
    staff.stop_channel("chitra", WHY)
    staff.resume_channel("chitra")
    as_engine.knocked(channel.number, ChannelDown("The token is over.", "190"), timezone.now())

    assert history()[0] == ("down", "The token is over.", "")
    assert stands(channel) == ("down", "The token is over.", "")  # nobody in person did it


def test_a_trouble_that_is_known_is_written_down_once(channel):
    for _ in range(3):
        as_engine.knocked(channel.number, ChannelDown("The token is over.", "190"), timezone.now())

    assert ChannelEvent.objects.count() == 1


def test_markup_in_a_reason_is_shown_as_it_is(chitra, channel):
    response = chitra.post(STOP, {"why": "<b>stop</b>"}, follow=True)

    assert "<b>stop</b>" not in response.content.decode()


def waits(phone, **given):
    from notifications import outbox

    message = outbox.queue("test_news", to=phone, variables={"name": "Asha"})
    if given:
        QueuedMessage.objects.filter(pk=message.pk).update(**given)

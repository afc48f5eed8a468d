"""Needs attention at the desk: one button for each cause, and nothing before somebody says yes."""

from dataclasses import replace
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import OperationalError
from django.utils import timezone

from backoffice.models import Act
from notifications import acts, attention, outbox, template_sync
from notifications.models import Channel, Held, Message, MessageTemplate, QueuedMessage
from notifications.providers.base import NotNow
from notifications.tests.admin.conftest import at_desk, told
from notifications.tests.conftest import ASHA
from notifications.tests.test_attention import ended, held

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/message/attention/"


def html(client, path: str) -> str:
    return client.get(path).content.decode()


def test_nothing_to_do_is_said(chitra):
    assert "Nothing needs you." in html(chitra, LIST)


def test_each_cause_has_its_count_its_words_and_its_button(chitra, texts):
    ended(2, error_code="131000")

    page = html(chitra, LIST)

    assert "MyOperator had a fault" in page
    assert f'action="{LIST}131000/send_again"' in page


@pytest.mark.parametrize("code", ["", "-", "a/b", "1:2", "?x=#1", "%2F", "é", "held:uncertain"])
@pytest.mark.parametrize("kind", ["test_news", "", "no/such:kind", "%"])
def test_a_code_or_a_kind_that_nobody_foresaw_has_a_page_and_a_button_too(chitra, texts, code, kind):
    ended(2, error_code=code)
    Message.objects.update(kind=kind)
    [cause] = attention.causes(timezone.now())

    assert cause.title in unescape(html(chitra, cause.address))
    assert chitra.get("/admin/").status_code == chitra.get(LIST).status_code == 200
    assert attention.find(cause.key, timezone.now()) == cause


def test_sending_a_cause_again_asks_first(chitra, texts):
    messages = ended(2, error_code="131000")

    response = chitra.post(f"{LIST}131000/send_again")
    assert "2 messages will be sent again." in html(chitra, response.url)
    assert set(Message.objects.values_list("status", flat=True)) == {"failed"}
    chitra.post(f"{response.url}confirm")

    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
    assert QueuedMessage.objects.count() == len(messages)
    assert "Nothing needs you." in html(chitra, LIST)


def test_a_cause_is_given_up_with_a_reason(chitra, texts):
    ended(2, error_code="131026")

    response = chitra.post(f"{LIST}131026/give_up")
    chitra.post(f"{response.url}confirm", {"why": "Both   moved away"})

    assert Message.objects.filter(given_up_at__isnull=False).count() == 2
    assert Act.objects.get().why == "Both moved away"
    assert "Nothing needs you." in html(chitra, LIST)


def test_an_echo_is_warned_of(chitra, texts):
    held(Held.UNCERTAIN)

    response = chitra.post(f"{LIST}held:uncertain/send_again", follow=True)

    assert "the customers may get them a second time" in response.content.decode()


def test_a_text_that_does_not_fit_its_kind_any_more_is_left_off_and_named(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").update(active=False)
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    MessageTemplate.objects.filter(kind="test_news").update(content="Dear {{nobody}}!")

    response = chitra.post(f"{LIST}template_off:test_news/do", follow=True)

    assert "no variable `nobody`" in told(response)[0]
    assert not MessageTemplate.objects.filter(kind="test_news", active=True).exists()


def test_a_text_is_switched_on_and_what_was_held_back_is_asked_about(chitra, texts):
    MessageTemplate.objects.filter(kind="test_news").update(active=False)
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    assert "Switch the text on" in html(chitra, f"{LIST}template_off:test_news/")

    response = chitra.post(f"{LIST}template_off:test_news/do", follow=True)

    assert MessageTemplate.objects.get(kind="test_news").active
    assert "1 message will be sent again." in response.content.decode()
    assert Message.objects.get().status == "suppressed", "nobody has said yes"
    assert LogEntry.objects.get().change_message == "Switched on, from Needs attention."


def test_a_stopped_channel_is_resumed_and_shows_before_what_goes_then(chitra, texts, settings):
    number = settings.MYOPERATOR_PHONE_NUMBER
    Channel.objects.create(number=number, state="stopped", reason="Wrong text.", changed_by="dev")
    outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})

    page = html(chitra, f"{LIST}channel/")
    assert "1 message waits and goes" in page
    assert "It costs ₹0.13" in page
    chitra.post(f"{LIST}channel/do")

    assert Channel.objects.get(number=number).state == "open"
    assert LogEntry.objects.get().change_message == "Resumed, from Needs attention."


def test_a_channel_that_closed_by_itself_is_tried_at_once(chitra, texts, settings):
    number = settings.MYOPERATOR_PHONE_NUMBER
    Channel.objects.create(number=number, state="down", reason="No money.")

    assert "Try now" in html(chitra, f"{LIST}channel/")
    chitra.post(f"{LIST}channel/do")

    assert Channel.objects.get(number=number).state == "open"


def test_of_a_paused_channel_only_what_waits_is_shown(chitra, texts, settings):
    number = settings.MYOPERATOR_PHONE_NUMBER
    Channel.objects.create(number=number, state="stopped", reason="Wrong text.", changed_by="dev")
    waiting = outbox.queue("test_news", to=ASHA, variables={"name": "Asha"})
    ended(3, status="read")

    rows = chitra.get(f"{LIST}channel/").context["rows"]

    assert [row["message"] for row in rows] == [waiting]


def test_the_templates_are_read_again(chitra, texts, monkeypatch):
    held(Held.TEMPLATE)
    monkeypatch.setattr(template_sync, "sync", lambda now: template_sync.Synced(4, 0, 1, []))

    response = chitra.post(f"{LIST}held:template:test_news/do", follow=True)

    assert told(response) == ["MyOperator lists 4 templates; 1 messages go on their way."]


def test_templates_that_cannot_be_read_are_said(chitra, texts, monkeypatch):
    held(Held.TEMPLATE)

    def away(now):
        raise NotNow("MyOperator did not answer.")

    monkeypatch.setattr(template_sync, "sync", away)

    response = chitra.post(f"{LIST}held:template:test_news/do", follow=True)

    assert told(response) == ["Nothing was changed: MyOperator did not answer."]


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("no_text", "/admin/notifications/messagetemplate/add/?kind=test_news&amp;language=en"),
        ("unknown_kind", "/admin/notifications/customkind/add/"),
    ],
)
def test_what_is_put_right_elsewhere_has_its_link(chitra, texts, code, address):
    ended(error_code=code)

    assert address in html(chitra, f"{LIST}{code}:test_news/")


def test_a_text_that_fails_leads_to_its_editor(chitra, texts):
    ended(error_code="missing_variable")
    text = MessageTemplate.objects.get(kind="test_news")

    page = html(chitra, f"{LIST}missing_variable:test_news/")

    assert f"/admin/notifications/messagetemplate/{text.pk}/change/" in page


def test_a_cause_that_somebody_cleared_leads_back_with_a_word(chitra):
    response = chitra.get(f"{LIST}131026/", follow=True)

    assert told(response) == ["That is cleared: nothing of it needs attention now."]
    assert told(chitra.post(f"{LIST}131026/send_again", follow=True)) == told(response)


def test_a_wrong_number_is_masked_for_who_may_not_see_it(dev, texts):
    ended(error_code="131026")

    page = html(dev, f"{LIST}131026/")

    assert "+91••••••3210" in page
    assert ASHA not in page


@pytest.mark.parametrize(
    "path", ["131000/send_again", "131000/give_up", "template_off:test_news/do", "channel/do"]
)
def test_who_may_only_look_sees_no_button_and_is_refused(dev, texts, settings, path):
    ended(error_code="131000")
    ended(error_code="template_off", status="suppressed")
    Channel.objects.create(number=settings.MYOPERATOR_PHONE_NUMBER, state="stopped", reason="x")

    assert "<form" not in html(dev, f"{LIST}131000/").split('id="content-main"')[1]
    assert f'action="{LIST}' not in html(dev, LIST)
    assert dev.post(f"{LIST}{path}").status_code == 403
    assert not Act.objects.exists()


def test_who_may_not_see_the_log_sees_nothing_of_this():
    stranger = at_desk(User.objects.create_user("stranger", is_staff=True))

    assert stranger.get(LIST).status_code == 403
    assert stranger.get(f"{LIST}131026/").status_code == 403


@pytest.mark.parametrize("path", ["131000/send_again", "131000/do"])
def test_a_link_alone_does_nothing(chitra, texts, path):
    ended(error_code="131000")

    assert chitra.get(f"{LIST}{path}").status_code == 403


@pytest.mark.parametrize("key", ["held", "held:", "channel", "a%00b", "'; DROP", "held:nobody", "x" * 300])
def test_a_strange_address_breaks_nothing(chitra, key):
    assert chitra.get(f"{LIST}{key}/").status_code in (302, 404)


# --- one act, and the list of them


@pytest.fixture
def act(chitra, texts):
    ended(3, error_code="131000")
    chitra.post(f"{LIST}131000/send_again")
    return Act.objects.get()


def at(act: Act, what: str = "") -> str:
    return f"/admin/backoffice/act/{act.pk}/{what}"


def test_who_may_only_look_neither_sees_nor_confirms_nor_stops_an_act(act, dev):
    assert dev.get(at(act)).status_code == 403
    assert dev.post(at(act, "confirm")).status_code == 403
    assert dev.post(at(act, "stop")).status_code == 403


def test_a_link_alone_confirms_nothing(chitra, act):
    assert chitra.get(at(act, "confirm")).status_code == 403
    assert Act.objects.get().state == "ready"


def test_the_page_asks_again_and_again_while_it_is_under_way(chitra, act):
    assert at(act, "body") not in html(chitra, at(act))

    Act.objects.update(state="running", total=9_000, position=4_500, came={"count": 4_500})

    page = html(chitra, at(act, "body"))
    assert f'hx-get="{at(act, "body")}"' in page
    assert "4,500 of 9,000 done (50 %)." in page
    assert "Stop" in page


def test_it_is_stopped_from_its_page(chitra, act):
    Act.objects.update(state="running", total=9_000, came={"count": 4_500}, started_at=timezone.now())

    response = chitra.post(at(act, "stop"), follow=True)

    assert "Stopped by chitra: 4,500 of 9,000 messages" in response.content.decode()
    assert told(chitra.post(at(act, "stop"), follow=True)) == ["It had ended before."]


def test_what_is_stopped_before_it_began_says_so(chitra, act):
    assert "before anything was changed" in chitra.post(at(act, "stop"), follow=True).content.decode()


def test_more_than_one_act_takes_are_cut_and_it_is_said(chitra, texts, monkeypatch):
    chosen = [message.pk for message in ended(3, error_code="131000")]
    monkeypatch.setattr("notifications.admin.acts.SEND_AGAIN", replace(acts.SEND_AGAIN, most=2))

    asked = {"action": "send_again", "_selected_action": chosen}
    response = chitra.post("/admin/notifications/message/", asked, follow=True)

    assert told(response) == ["These are the newest 2 of those you meant. Do the others after them."]
    assert Act.objects.get().asked == 2


def test_a_second_yes_is_told(chitra, act):
    chitra.post(at(act, "confirm"))

    assert "Nothing was done twice." in told(chitra.post(at(act, "confirm"), follow=True))[0]


def test_the_list_shows_what_was_confirmed_and_no_more(chitra, act):
    assert list(chitra.get("/admin/backoffice/act/").context["cl"].result_list) == []

    chitra.post(at(act, "confirm"))

    page = html(chitra, "/admin/backoffice/act/")
    assert "3 of 3" in page
    assert chitra.get(f"/admin/backoffice/act/{act.pk}/change/").url == at(act)


@pytest.mark.parametrize("path", ["999999/", "999999/body", "x/change/"])
def test_an_act_that_is_not_there_is_not_found(chitra, path):
    assert chitra.get(f"/admin/backoffice/act/{path}").status_code == 404


def test_a_file_is_written_once_and_is_in_the_audit_trail(chitra, texts):
    message = ended(error_code="131000", text="=1+1")[0]
    chosen = {"action": "export_csv", "_selected_action": [message.pk]}
    page = chitra.post("/admin/notifications/message/", chosen).url

    response = chitra.post(f"{page}confirm")

    whole = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"].startswith('attachment; filename="messages-')
    assert '"\'=1+1"' in whole
    assert LogEntry.objects.get().change_message == "Export as CSV: a file of 1."
    assert "written before" in told(chitra.post(f"{page}confirm", follow=True))[0]


def test_who_may_only_look_may_export(dev, texts):
    message = ended()[0]
    chosen = {"action": "export_csv", "_selected_action": [message.pk]}

    response = dev.post(f"{dev.post('/admin/notifications/message/', chosen).url}confirm")

    assert b"91\xe2\x80\xa2" in b"".join(response.streaming_content)


def test_support_without_the_right_to_texts_is_not_offered_to_switch_them_on(texts):
    user = User.objects.create_user("support", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_message", "change_message"]))
    ended(error_code="template_off", status="suppressed")

    page = html(at_desk(user), f"{LIST}template_off:test_news/")

    assert "Give up" in page
    assert f'action="{LIST}template_off:test_news/do"' not in page


def test_what_takes_too_long_to_find_is_refused_in_words(chitra, texts, monkeypatch):
    def slow(queryset, most):
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("notifications.admin.acts._newest", slow)
    chosen = {"action": "give_up", "select_across": "1", "_selected_action": [ended()[0].pk]}

    response = chitra.post("/admin/notifications/message/", chosen, follow=True)

    assert told(response) == ["Too many to look through. Choose a kind, a status or a day first."]
    assert not Act.objects.exists()


def test_all_that_match_can_be_chosen_where_there_is_more_than_a_page(chitra, texts):
    ended(30)

    assert "Select all that match" in html(chitra, "/admin/notifications/message/")


@pytest.mark.parametrize("phone", ["••••••21", "+91••••••3210", "erased-abcdefghi"])
def test_what_stands_in_place_of_a_number_breaks_no_page(chitra, texts, phone):
    ended(error_code="bad_phone", phone=phone)

    assert phone in html(chitra, f"{LIST}bad_phone/")

"""The three groups: who may open and do what at the desk, page by page, and that nothing is offered in vain."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from earlybird.desk import giving, groups
from earlybird.models import GivenRight
from earlybird.tests.filled import Page, fill, pages, somebody

pytestmark = pytest.mark.django_db

# Pages beside Django's own: the name, how it is asked, and the right that it takes.
OWN = {
    "notifications_message_send_again": ("POST", "notifications.change_message"),
    "notifications_message_cancel": ("POST", "notifications.change_message"),
    "notifications_message_give_up": ("POST", "notifications.change_message"),
    "notifications_attention": ("GET", "notifications.view_message"),
    "notifications_attention_cause": ("GET", "notifications.view_message"),
    # What clears a cause takes the right to that; where nothing is to clear, the answer says so.
    "notifications_attention_do": ("POST", "notifications.view_message"),
    "notifications_attention_send_again": ("POST", "notifications.change_message"),
    "notifications_attention_give_up": ("POST", "notifications.change_message"),
    "backoffice_act_page": ("GET", "notifications.change_message"),
    "backoffice_act_body": ("GET", "notifications.change_message"),
    "backoffice_act_confirm": ("POST", "notifications.change_message"),
    "backoffice_act_stop": ("POST", "notifications.change_message"),
    "notifications_messagetemplate_preview": ("POST", "notifications.view_messagetemplate"),
    "notifications_messagetemplate_rehearse": ("POST", "notifications.view_messagetemplate"),
    "notifications_messagetemplate_test": ("POST", "notifications.change_messagetemplate"),
    "notifications_messagetemplate_tested": ("GET", "notifications.view_messagetemplate"),
    "notifications_messagetemplate_versions": ("GET", "notifications.view_messagetemplate"),
    "notifications_messagetemplate_version": ("GET", "notifications.view_messagetemplate"),
    "notifications_messagetemplate_back": ("GET", "notifications.change_messagetemplate"),
    "notifications_approvedtemplate_sync": ("POST", "notifications.change_approvedtemplate"),
    "notifications_channel_stop": ("GET", "notifications.change_channel"),
    "notifications_channel_resume": ("GET", "notifications.change_channel"),
    "orders_customer_their_page": ("GET", "orders.view_customer"),
    "orders_order_their_page": ("GET", "orders.view_customer"),
    "orders_subscription_their_page": ("GET", "orders.view_customer"),
    "billing_bill_their_page": ("GET", "orders.view_customer"),
    "notifications_customkind_reads": ("GET", "notifications.view_customkind"),
    "orders_announcement_start": ("GET", "orders.change_announcement"),
    "orders_announcement_progress": ("GET", "orders.view_announcement"),
    "orders_announcement_values": ("GET", "orders.add_announcement"),
    "orders_announcement_stop": ("POST", "orders.start_announcement"),
    "delivery_delivery_route_sheet": ("GET", "delivery.view_delivery"),
    "delivery_delivery_assign": ("POST", "delivery.change_delivery"),
    "delivery_delivery_send_out": ("POST", "delivery.change_delivery"),
    "delivery_delivery_delay_route": ("GET", "delivery.change_delivery"),
    "billing_bill_print": ("GET", "billing.view_bill"),
    "billing_dispute_settle": ("GET", "billing.change_dispute"),
    "jobs_job_tick": ("POST", "jobs.change_job"),
    "auth_user_password_change": ("GET", "auth.change_user"),
}
# Actions of lists: the page, the action, and the right that it takes.
ACTIONS = (
    ("page", "action", "right"),
    ("notifications/message", "send_again", "notifications.change_message"),
    ("notifications/message", "cancel", "notifications.change_message"),
    ("notifications/message", "give_up", "notifications.change_message"),
    ("notifications/message", "export_csv", "notifications.view_message"),
    ("notifications/message", "erase_person", "notifications.erase_person"),
    ("notifications/notificationpreference", "erase_person", "notifications.erase_person"),
    ("notifications/messagetemplate", "switch_on", "notifications.change_messagetemplate"),
    ("notifications/messagetemplate", "switch_off", "notifications.change_messagetemplate"),
    ("orders/order", "cancel", "orders.change_order"),
    ("orders/subscription", "resume", "orders.change_subscription"),
    ("orders/subscription", "end", "orders.change_subscription"),
    ("orders/announcement", "stop", "orders.start_announcement"),
    ("delivery/delivery", "mark_delivered", "delivery.change_delivery"),
    ("delivery/delivery", "mark_not_delivered", "delivery.change_delivery"),
    ("delivery/delivery", "delay", "delivery.change_delivery"),
    ("delivery/delivery", "send_out", "delivery.change_delivery"),
    ("jobs/jobrun", "again", "jobs.change_job"),
)
USUAL = {"changelist": "view", "change": "view", "history": "view", "add": "add", "delete": "delete"}
DATED = {"delivery_delivery_assign", "delivery_delivery_send_out", "delivery_delivery_delay_route"}
WHO = [*groups.GROUPS, ""]


@pytest.fixture
def shop(db, settings):
    settings.MYOPERATOR_API = "memory"
    fill()
    return list(pages())


def asked(client: Client, page: Page) -> int:
    """What a page answers when it is asked as it wants to be."""
    how, _ = OWN.get(page.name, ("GET", ""))
    given = {"date": "2026-12-01"} if page.name in DATED else {}
    answer = client.post(page.url, given) if how == "POST" else client.get(page.url, given)
    return 200 if answer.status_code == 302 and how == "POST" else answer.status_code


def takes(page: Page) -> str:
    """The right that it takes."""
    app, model = page.model.split(".")
    return OWN[page.name][1] if page.name in OWN else f"{app}.{USUAL[page.what]}_{model}"


@pytest.mark.parametrize("who", WHO)
def test_each_group_opens_what_the_table_says_and_nothing_else(shop, who):
    client, chitra = somebody(group=who), Client()
    chitra.force_login(User.objects.create_superuser("chitra"))
    rights = groups.rights_of(who) if who else frozenset()
    expected, found = {}, {}
    for page in shop:
        found[page.url] = asked(client, page)
        # What nobody may, such as adding to a log, they may not either.
        expected[page.url] = asked(chitra, page) if takes(page) in rights else 403

    assert {url: code for url, code in found.items() if expected[url] != code} == {}
    assert 200 in found.values() or not who


def test_every_page_of_our_own_is_in_the_table(shop):
    beside = {page.name for page in shop if page.what not in USUAL}

    assert beside == set(OWN)


@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_link_or_a_button_that_is_refused(shop, who):
    client = somebody(group=who)
    seen = {
        page.url: client.get(page.url) for page in shop if page.name not in OWN or OWN[page.name][0] == "GET"
    }
    seen["/admin/"] = client.get("/admin/")
    open_ones = {url: answer.content.decode() for url, answer in seen.items() if answer.status_code == 200}
    offered = {(to, url) for url, html in open_ones.items() for to in _links(html)}
    refused = {to for to in {to for to, _ in offered} if (seen.get(to) or client.get(to)).status_code == 403}

    assert len(offered) > len(open_ones) or not who
    assert sorted(pair for pair in offered if pair[0] in refused) == []
    assert {to for html in open_ones.values() for to in _forms(html) if not _may_post(client, to)} == set()


def _links(html: str) -> set[str]:
    """Addresses of the desk that lead somewhere else than out; what is asked of a page changes no right."""
    found = {re.split("[?#]", unescape(one))[0] for one in re.findall(r'href="(/admin/[^"]*)"', html)}
    return {one for one in found if "logout" not in one}


def _forms(html: str) -> set[str]:
    return {unescape(one) for one in re.findall(r'<form[^>]*action="(/admin/[^"]+)"', html)}


def _may_post(client: Client, to: str) -> bool:
    try:
        name = resolve(to.split("?")[0]).url_name
    except Resolver404:
        return False
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return name not in OWN or user.has_perm(OWN[name][1])


@pytest.mark.parametrize("who", groups.GROUPS)
def test_an_action_is_offered_to_whom_it_is_given(shop, who):
    client = somebody(group=who)
    lists = {page: client.get(f"/admin/{page}/?o=1").content.decode() for page, _, _ in ACTIONS}
    offered = {(page, action) for page, action, _ in ACTIONS if f'value="{action}"' in lists[page]}

    assert offered == {(page, action) for page, action, right in ACTIONS if right in groups.rights_of(who)}


def test_only_who_may_start_an_announcement_starts_it(shop):
    page = next(page for page in shop if page.name == "orders_announcement_start")
    content, operations = somebody(group="Content"), somebody(group="Operations", name="omkar")

    assert 'value="Start' not in content.get(page.url).content.decode()
    assert content.post(page.url).status_code == 403
    assert 'value="Start' in operations.get(page.url).content.decode()
    assert operations.post(page.url).status_code == 302


def test_the_three_groups_are_there_with_what_the_table_gives_them():
    for name in groups.GROUPS:
        held = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
        assert {f"{app}.{code}" for app, code in held} == groups.rights_of(name)


def test_every_page_of_ours_is_in_the_table():
    ours = {"notifications", "orders", "delivery", "billing", "jobs"}
    shown = {model._meta.label_lower for model in admin.site._registry if model._meta.app_label in ours}

    assert shown - groups.models() == set()


def test_content_sees_no_customer():
    about = ("customer", "order_", "message", "bill", "delivery", "preference", "number", "consent", "reply")
    rights = {right for right in groups.rights_of("Content") if "messagetemplate" not in right}

    assert [right for right in rights if any(word in right.split(".")[1] for word in about)] == []


def test_what_the_shop_took_away_stays_away_and_what_it_gave_stays():
    support = Group.objects.get(name="Support")
    gone, more = (Permission.objects.get(codename=code) for code in ("change_message", "add_product"))
    support.permissions.remove(gone)
    support.permissions.add(more)
    giving.give()

    assert gone not in support.permissions.all()
    assert more in support.permissions.all()


def test_a_right_that_is_new_is_given_to_the_groups_that_are_there():
    GivenRight.objects.filter(right="notifications.see_numbers").delete()
    operations = Group.objects.get(name="Operations")
    operations.permissions.remove(Permission.objects.get(codename="see_numbers"))
    giving.give()

    assert operations.permissions.filter(codename="see_numbers").exists()


def test_a_group_that_the_shop_deleted_does_not_come_back():
    Group.objects.get(name="Content").delete()
    GivenRight.objects.filter(group="Content", right="orders.view_product").delete()
    giving.give()

    assert not Group.objects.filter(name="Content").exists()


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth():
    call_command("migrate", "earlybird", "zero", verbosity=0)
    try:
        assert not Group.objects.filter(name__in=groups.GROUPS).exists()
    finally:
        call_command("migrate", "earlybird", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(groups.GROUPS)

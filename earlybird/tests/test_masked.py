"""Whole numbers are seen by who has the right, and nowhere by anybody else, whatever else they may do."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from delivery.models import Delivery
from earlybird.tests.filled import BARE, CODE, FORMS, PHONE, Page, fill, pages, somebody
from notifications.models import Channel, ConsentEvent, Message, NotificationPreference
from orders.models import Customer

pytestmark = pytest.mark.django_db

MASKED = "+91••••••8123"
SEEN_ON = {  # where a whole number is, for who may see it
    "notifications_message_changelist", "notifications_message_change", "notifications_inboundmessage_change",
    "notifications_consentevent_changelist", "notifications_notificationpreference_changelist",
    "notifications_notificationpreference_change", "notifications_webhookevent_change",
    "orders_customer_changelist", "orders_customer_change", "billing_account_changelist", "billing_account_change",
    "billing_bill_print", "admin_logentry_changelist", "delivery_delivery_route_sheet", "desk_customer",
}  # fmt: skip


@pytest.fixture
def shop(db, settings):
    settings.MYOPERATOR_API = "memory"
    fill()
    asha = Customer.objects.get(phone=PHONE)
    own = Page("desk_customer", reverse("desk_customer", args=(asha.pk,)), "")
    return [*pages(), own, Page("index", "/admin/", "")]


@pytest.fixture
def dev(db):
    """May do everything but see numbers."""
    client = somebody()
    user = User.objects.get(username="dev")
    user.user_permissions.set(Permission.objects.exclude(codename="see_numbers"))
    return client


@pytest.fixture
def chitra(db):
    client = Client()
    client.force_login(User.objects.create_superuser("chitra"))
    return client


def whole(client: Client, page: Page, **given: str) -> bool:
    """Whether a whole number of Asha's is anywhere in the page."""
    given = {"date": _day()} | given if "route" in page.url or "delay" in page.name else given
    html = client.get(page.url, given).content.decode()
    return any(form in html for form in (*FORMS, CODE))


def _day() -> str:
    return str(Delivery.objects.order_by("-date")[0].date)


def test_who_may_not_see_numbers_finds_none_on_any_page(shop, dev):
    assert [page.url for page in shop if whole(dev, page)] == []


def test_the_page_of_a_number_without_customer_has_none_either(shop, dev):
    message = Message.objects.filter(phone=PHONE).latest("pk")
    Customer.objects.update(phone="+919000000001")
    page = Page("", f"{reverse('desk_person')}?message={message.pk}", "")

    assert dev.get(page.url).context["phone"] == PHONE
    assert not whole(dev, page)


def test_what_stops_the_channel_is_told_without_numbers(shop, dev):
    Channel.objects.update(state="stopped", reason=f"Wrong text to {PHONE}", changed_by="chitra")
    pages = ("/admin/", reverse("admin:notifications_channel_changelist"))

    assert [url for url in pages if whole(dev, Page("", url, ""))] == []


def test_who_may_see_numbers_finds_them_where_they_belong(shop, chitra):
    assert {page.name for page in shop if page.name in SEEN_ON and whole(chitra, page)} == SEEN_ON


def test_the_file_of_the_route_sheet_has_no_number_either(shop, dev, chitra):
    sheet = Page("", reverse("admin:delivery_delivery_route_sheet"), "")
    Delivery.objects.update(note=f"Ring {PHONE}")
    Customer.objects.update(address=f"Gate 4, {BARE}")

    assert not whole(dev, sheet)
    assert (whole(dev, sheet, format="csv"), whole(chitra, sheet, format="csv")) == (False, True)


@pytest.mark.parametrize(
    "name",
    [
        "orders_customer",
        "notifications_message",
        "notifications_inboundmessage",
        "notifications_notificationpreference",
        "billing_account",
        "orders_order",
        "billing_bill",
    ],
)
def test_a_number_that_one_knows_finds_its_rows_all_the_same(shop, dev, name):
    typed = PHONE if name != "billing_bill" else PHONE[3:]
    found = dev.get(reverse(f"admin:{name}_changelist"), {"q": typed}).context["cl"].result_list

    assert len(found) > 0


def test_a_customer_saved_by_who_sees_a_masked_number_keeps_it(shop, dev):
    asha = Customer.objects.get(phone=PHONE)
    page = reverse("admin:orders_customer_change", args=(asha.pk,))
    assert MASKED in dev.get(page).content.decode()
    form = {"name": "Asha Rao", "phone": "+919000000001", "language": "hi", "area": "", "address": ""}
    assert dev.post(page, form).status_code == 302

    asha.refresh_from_db()
    assert (asha.name, asha.language, asha.phone) == ("Asha Rao", "hi", PHONE)


def test_a_sign_in_user_is_bound_only_by_who_may_see_users(shop):
    sana, asha = somebody(group="Support", name="sana"), Customer.objects.get(phone=PHONE)
    page = reverse("admin:orders_customer_change", args=(asha.pk,))
    form = {"name": "Asha", "phone": PHONE, "user": User.objects.get(username="sana").pk, "language": "en"}
    assert 'name="user"' not in sana.get(page).content.decode()
    assert sana.post(page, form).status_code == 302

    asha.refresh_from_db()
    assert asha.user is None


def test_wishes_saved_by_who_sees_a_masked_number_stay_that_numbers(shop, dev):
    row = NotificationPreference.objects.get(phone=PHONE)
    page = reverse("admin:notifications_notificationpreference_change", args=(row.pk,))
    form = {"enabled": "on", "order": "on", "user": row.user_id, "language": "", "words": "by telephone"}
    assert dev.post(page, form).status_code == 302

    row.refresh_from_db()
    assert (row.phone, row.payment) == (PHONE, False)


def test_the_ledger_of_one_number_is_opened_by_its_row_not_by_the_number(shop, dev):
    row = NotificationPreference.objects.get(phone=PHONE)
    ConsentEvent.objects.create(
        phone="+919000000001", what="order", act="other", how="admin", at=row.updated_at
    )
    ledger = reverse("admin:notifications_consentevent_changelist")
    html = dev.get(
        reverse("admin:notifications_notificationpreference_change", args=(row.pk,))
    ).content.decode()
    assert f"{ledger}?of={row.pk}" in html

    shown = dev.get(ledger, {"of": row.pk}).context["cl"].result_list
    assert {event.phone for event in shown} == {PHONE}
    assert [len(dev.get(ledger, {"of": odd}).context["cl"].result_list) for odd in ("x", "0", "9" * 30)] == [
        0
    ] * 3


@pytest.mark.parametrize(
    "name", ["orders/customer", "notifications/message", "notifications/notificationpreference"]
)
def test_a_number_is_not_learned_from_an_address_digit_by_digit(shop, dev, chitra, name):
    guess = {"phone__startswith": PHONE[:8]}

    assert dev.get(f"/admin/{name}/", guess).status_code == 400
    assert chitra.get(f"/admin/{name}/", guess).status_code == 200


@pytest.mark.parametrize("name", ["orders/customer", "orders/order", "notifications/notificationpreference"])
def test_a_number_is_not_learned_by_searching_for_its_parts(shop, dev, chitra, name):
    def found(client):
        return len(client.get(f"/admin/{name}/", {"q": PHONE[3:9]}).context["cl"].result_list)

    assert found(dev) == 0
    assert found(chitra) > 0

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing.models import Bill, Payment
from notifications import registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(asha, travel):
    """A payment as the browser posts it."""
    travel("2026-11-22T10:00")
    fields = {"customer": asha.pk, "amount": "450.00", "method": "upi", "month": ""}
    return fields | {"paid_at_0": "2026-11-22", "paid_at_1": "09:00"}


@pytest.fixture
def payment(asha, bill):
    return Payment.objects.create(customer=asha, amount="100", method="cash", bill=bill)


def test_a_payment_recorded_in_admin_closes_its_bill_and_is_thanked_for(desk, bill, form, texts_of):
    assert desk.post("/admin/billing/payment/add/", form | {"month": "2026-11-05"}).status_code == 302
    bill.refresh_from_db()
    assert bill.status == "paid"
    assert texts_of("payment_confirmation") == ["✓ Payment received! ₹450"]


def test_a_payment_without_a_month_is_for_this_one(desk, form):
    desk.post("/admin/billing/payment/add/", form)
    assert str(Payment.objects.get().month) == "2026-11-01"


def test_a_month_that_is_not_the_bills_is_refused_in_the_form(desk, bill, form):
    answer = desk.post("/admin/billing/payment/add/", form | {"bill": bill.pk, "month": "2026-12-05"})
    assert "This bill is for 2026-11" in answer.content.decode()
    assert not Payment.objects.exists()


def test_any_day_of_the_bills_month_is_taken_in_the_form(desk, bill, form):
    desk.post("/admin/billing/payment/add/", form | {"bill": bill.pk, "month": "2026-11-30"})
    assert Payment.objects.get().bill == bill


def test_a_payment_of_nothing_is_refused_in_the_form(desk, form):
    answer = desk.post("/admin/billing/payment/add/", form | {"amount": "0"})
    assert "A payment is more than nothing" in answer.content.decode()


@pytest.mark.parametrize("missing", ["customer", "amount", "method", "paid_at_0"])
def test_a_missing_field_is_an_error_and_not_a_crash(desk, form, missing):
    assert desk.post("/admin/billing/payment/add/", form | {missing: ""}).status_code == 200
    assert not Payment.objects.exists()


def test_a_form_that_is_sent_twice_records_one_payment(desk, form):
    once = desk.get("/admin/billing/payment/add/").context["once"]
    sent = form | {"once": once}
    refused = desk.post("/admin/billing/payment/add/", sent | {"amount": "0"})
    assert refused.context["once"] == once

    for _ in range(2):
        answer = desk.post("/admin/billing/payment/add/", sent, follow=True)

    assert "Nothing is there twice" in answer.content.decode()
    assert Payment.objects.count() == 1


def test_a_form_that_is_gone_back_to_and_says_something_else_records_another(desk, form):
    sent = form | {"once": "k"}

    desk.post("/admin/billing/payment/add/", sent)
    desk.post("/admin/billing/payment/add/", sent | {"amount": "7"})

    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-23", "still to come"), ("9999-12-31", "still to come"), ("0001-01-01", "too long ago")],
)
def test_a_moment_at_which_nothing_was_paid_is_refused_in_the_form(desk, form, day, said):
    assert said in desk.post("/admin/billing/payment/add/", form | {"paid_at_0": day}).content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity", "1e99", "99999999999", "₹5", "1,000"])
def test_no_odd_amount_is_recorded(desk, form, amount):
    assert desk.post("/admin/billing/payment/add/", form | {"amount": amount}).status_code == 200
    assert not Payment.objects.exists()


def test_another_customers_bill_is_not_paid_in_the_form(desk, form, imrans_bill):
    answer = desk.post("/admin/billing/payment/add/", form | {"bill": imrans_bill.pk})
    assert "another customer&#x27;s" in answer.content.decode()
    assert not Payment.objects.exists()


@pytest.mark.parametrize("month", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_month_that_is_none_of_ours_is_refused_in_the_form(desk, asha, form, month):
    bill = {"customer": asha.pk, "month": month, "amount": "450", "due_date": "2026-12-05"}
    for address, given in (("bill", bill), ("payment", form | {"month": month})):
        said = desk.post(f"/admin/billing/{address}/add/", given).content.decode()
        assert "no month of ours" in said


def test_a_bill_made_in_admin_is_kept_for_its_month(desk, asha):
    form = {"customer": asha.pk, "month": "2026-11-20", "amount": "450", "due_date": "2026-12-05"}
    payments = {"payments-TOTAL_FORMS": 0, "payments-INITIAL_FORMS": 0}
    assert desk.post("/admin/billing/bill/add/", form | payments).status_code == 302
    assert str(Bill.objects.get().month) == "2026-11-01"


@pytest.mark.parametrize("amount", ["-5", "0.001", "NaN", "1e10", "1e400"])
def test_no_bill_of_an_odd_amount_is_made(desk, asha, amount):
    form = {"customer": asha.pk, "month": "2026-11-20", "amount": amount, "due_date": "2026-12-05"}
    assert desk.post("/admin/billing/bill/add/", form).status_code == 200
    assert not Bill.objects.exists()


@pytest.mark.parametrize("missing", ["customer", "month", "amount", "due_date"])
def test_a_bill_with_a_missing_field_is_an_error_and_not_a_crash(desk, asha, missing):
    form = {"customer": asha.pk, "month": "2026-11-20", "amount": "450", "due_date": "2026-12-05"}
    payments = {"payments-TOTAL_FORMS": 0, "payments-INITIAL_FORMS": 0}
    assert desk.post("/admin/billing/bill/add/", form | payments | {missing: ""}).status_code == 200


@pytest.mark.parametrize("model", [Bill, Payment])
def test_staff_can_list_search_add_and_open(desk, payment, model):
    name = f"admin:billing_{model._meta.model_name}"
    row = model.objects.get()
    for address in (
        reverse(f"{name}_changelist"),
        reverse(f"{name}_changelist") + "?q=asha",
        reverse(f"{name}_add"),
        reverse(f"{name}_change", args=(row.pk,)),
    ):
        assert desk.get(address).status_code == 200


def test_a_messages_reference_leads_to_its_row(desk, payment):
    for reference in (f"payment_{payment.pk}", f"bill_{payment.bill_id}"):
        assert desk.get(registry.link_of(reference)).status_code == 200


def test_bills_are_found_by_their_month(desk, bill, travel):
    travel("2026-12-05T10:00")
    number = Bill.objects.get().number

    found = desk.get("/admin/billing/bill/", {"month_is": f"{bill.month:%Y-%m-%d}"})
    other = desk.get("/admin/billing/bill/", {"month_is": "2026-12-01"})

    assert number in found.content.decode()
    assert number not in other.content.decode()


def test_a_bill_shows_no_heading_over_rows_that_are_not_there(desk, bill, payment):
    page = desk.get(f"/admin/billing/bill/{bill.pk}/change/").content.decode()

    assert "payments-group" in page
    assert "refunds-group" not in page


def test_the_account_offers_only_what_one_may_do(client, django_user_model, asha):
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_account"))
    client.force_login(reader)

    page = client.get(f"/admin/billing/account/{asha.pk}/change/").content.decode()

    assert "Account of Asha" in page
    assert "Record a payment" not in page

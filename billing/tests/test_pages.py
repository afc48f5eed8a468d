"""What staff see: the bill on paper, the account, and the page that settles a dispute."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model

from billing import account, actions, rupees
from billing.models import Adjustment, Bill, Dispute, Payment, Refund
from billing.tests.conftest import delivered, run_bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(asha, milk):
    order = delivered(asha, 123_456)
    order.items.create(product=milk, quantity=2)
    return order


@pytest.fixture
def made(asha, brought, settings):
    """Asha's bill with everything on it."""
    settings.UPI_VPA, settings.UPI_NAME = "earlybird@okaxis", "Milk & Honey"
    Adjustment.objects.create(customer=asha, amount="-50.50", reason="Sour <milk>")
    run_bills()
    payment = Payment.objects.create(customer=asha, amount=100, method="upi")
    Refund.objects.create(customer=asha, amount=20, method="cash", payment=payment, reason="Too much")
    return Bill.objects.get()


def page(desk, address):
    answer = desk.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_paper_says_all_that_is_on_the_bill(desk, made, brought):
    said = page(desk, f"/admin/billing/bill/{made.pk}/print/")

    for words in (
        "Milk &amp; Honey", "Asha", "BILL-202611-0001", "November 2026", "10 November 2026", str(brought),
        "2 × Cow milk 500 ml", "₹1,23,456", "Sour &lt;milk&gt;", "−₹50.50", "−₹100", "Given back, cash", "₹20",
        "₹1,23,325.50", "upi://pay?pa=earlybird@okaxis&amp;pn=Milk%20%26%20Honey&amp;am=123325.50", "<svg",
    ):  # fmt: skip
        assert words in said, words


def test_the_paper_of_a_paid_bill_asks_for_nothing(desk, made, asha):
    Payment.objects.create(customer=asha, amount=200_000, method="upi", bill=made)
    said = page(desk, f"/admin/billing/bill/{made.pk}/print/")

    assert "Paid. Thank you!" in said
    assert "Credit for the next bill" in said
    assert "<svg" not in said


def test_the_paper_of_a_carried_bill_names_the_one_that_carries_it(desk, made):
    run_bills("2026-12")

    assert "Carried to BILL-202612-0001" in page(desk, f"/admin/billing/bill/{made.pk}/print/")


def test_the_paper_of_a_long_month_asks_as_few_questions_as_of_a_short_one(
    desk, asha, milk, django_assert_max_num_queries
):
    for day in range(1, 31):
        delivered(asha, 65, f"2026-11-{day:02}T07:00").items.create(product=milk, quantity=1)
    run_bills()
    with django_assert_max_num_queries(20):
        page(desk, f"/admin/billing/bill/{Bill.objects.get().pk}/print/")


def test_the_ledger_runs_from_what_was_before(asha, made):
    opening, entries = account.ledger(asha.pk, made.created_at.date())

    assert opening == 123_456
    assert [(entry.what, entry.amount, entry.balance) for entry in entries] == [
        ("Adjustment", Decimal("-50.50"), Decimal("123405.50")),
        ("Bill", None, Decimal("123405.50")),
        ("Payment", -100, Decimal("123305.50")),
        ("Refund", 20, Decimal("123325.50")),
    ]


def test_the_account_shows_the_balance_and_what_moved_it(desk, asha, made, brought):
    Dispute.objects.create(customer=asha, order=brought, what="damaged")
    said = page(desk, f"/admin/billing/account/{asha.pk}/change/?since=2026-11-01")

    for words in (
        "To pay in all<b>₹1,23,325.50</b>",
        made.number,
        f"Order {brought}",
        "Sour &lt;milk&gt;",
        "Damaged",
    ):
        assert words in said, words


def test_the_short_address_of_an_account_leads_there(desk, asha):
    assert desk.get(f"/admin/billing/account/{asha.pk}/", follow=True).status_code == 200


@pytest.mark.parametrize("since", ["2026-11-01", "9999-12-31", "0001-01-01", "x", ""])
def test_any_day_can_be_asked_for(desk, asha, made, since):
    assert "Asha" in page(desk, f"/admin/billing/account/{asha.pk}/change/?since={since}")


def test_an_account_in_credit_says_so(desk, asha):
    Payment.objects.create(customer=asha, amount=50, method="upi")

    assert "Credit<b>₹50</b>" in page(desk, f"/admin/billing/account/{asha.pk}/change/")


@pytest.fixture
def dispute(asha, brought, desk):
    form = {"order": brought.pk, "bill": "", "what": "damaged", "words": "Both were <broken>"}
    assert desk.post("/admin/billing/dispute/add/", form).status_code == 302
    return Dispute.objects.get()


def test_a_dispute_is_recorded_at_the_desk(dispute, asha):
    assert (dispute.customer, dispute.opened_by.username, dispute.status) == (asha, "chitra", "open")


@pytest.mark.parametrize("both", [True, False])
def test_a_dispute_about_both_or_nothing_is_an_error_in_the_form(desk, brought, bill, both):
    form = {"order": brought.pk if both else "", "bill": bill.pk if both else "", "what": "damaged"}

    assert "one of the two" in desk.post("/admin/billing/dispute/add/", form).content.decode()


def test_the_page_that_settles_says_what_it_is_about_and_what_may_be_credited(desk, dispute):
    said = page(desk, f"/admin/billing/dispute/{dispute.pk}/settle/")

    assert "Both were &lt;broken&gt;" in said
    assert "At most ₹1,23,456" in said


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        ({"way": "adjustment", "amount": "30", "reason": "Broken"}, "adjustment"),
        ({"way": "redelivery", "delivery_date": "tomorrow"}, "redelivery"),
        ({"way": "refusal", "reason": "It was there"}, "refusal"),
    ],
)
def test_each_way_settles_it(desk, dispute, form, outcome, tomorrow):
    form = {name: tomorrow.isoformat() if value == "tomorrow" else value for name, value in form.items()}
    assert desk.post(f"/admin/billing/dispute/{dispute.pk}/settle/", form).status_code == 302

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.settled_by.username) == (outcome, "chitra")
    assert outcome in page(desk, f"/admin/billing/dispute/{dispute.pk}/change/").lower().replace(
        "brought again", "redelivery"
    )


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"way": "adjustment", "amount": "999999", "reason": "Broken"}, "At most ₹1,23,456 of"),
        ({"way": "redelivery", "delivery_date": "2020-01-01"}, "This day is over"),
        ({"way": "refusal", "reason": ""}, "This field is required"),
        ({"way": "other"}, "Credit it"),
    ],
)
def test_what_cannot_be_is_said_in_its_form(desk, dispute, form, why):
    answer = desk.post(f"/admin/billing/dispute/{dispute.pk}/settle/", form)

    assert why in answer.content.decode()
    dispute.refresh_from_db()
    assert dispute.status == "open"


def test_a_settled_dispute_is_not_settled_again_in_another_way(desk, dispute):
    actions.refuse(dispute, "No")
    answer = desk.post(
        f"/admin/billing/dispute/{dispute.pk}/settle/", {"way": "adjustment", "amount": "5", "reason": "x"}
    )
    assert answer.status_code == 200
    assert "This dispute is refused" in answer.content.decode()


@pytest.mark.parametrize("model", ["adjustment", "refund", "dispute", "account", "bill"])
def test_staff_can_list_and_search_and_open(desk, made, dispute, model):
    rows = page(desk, f"/admin/billing/{model}/")
    assert "Asha" in rows
    assert "Asha" in page(desk, f"/admin/billing/{model}/?q=asha")
    row = {"account": made.customer_id}.get(model)
    if row is None:
        row = (
            {"adjustment": Adjustment, "refund": Refund, "dispute": Dispute, "bill": Bill}[model]
            .objects.first()
            .pk
        )
    page(desk, f"/admin/billing/{model}/{row}/change/")


def test_the_amount_of_a_bill_is_not_edited(desk, made):
    form = {"amount": "1", "due_date": "2026-12-20"}
    inlines = {
        f"{name}-{part}_FORMS": 0
        for name in ("payments", "adjusted_by", "refunds", "disputes")
        for part in ("TOTAL", "INITIAL")
    }
    desk.post(f"/admin/billing/bill/{made.pk}/change/", form | inlines)

    changed = Bill.objects.get()
    assert (str(changed.due_date), changed.amount) == ("2026-12-20", Decimal("123405.50"))


def test_staff_without_the_permission_see_none_of_it(client, made, dispute, db):
    client.force_login(get_user_model().objects.create_user("dev", is_staff=True))
    for address in (
        f"bill/{made.pk}/print/",
        f"account/{made.customer_id}/change/",
        f"dispute/{dispute.pk}/settle/",
    ):
        assert client.get(f"/admin/billing/{address}").status_code == 403


@pytest.mark.parametrize(
    ("amount", "text"),
    [("123456.5", "₹1,23,456.50"), ("-50", "−₹50"), ("0", "₹0"), ("10000000", "₹1,00,00,000")],
)
def test_rupees_are_written_as_people_read_them(amount, text):
    assert rupees.written(amount) == text

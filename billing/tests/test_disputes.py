"""What a customer says is wrong, and how it is put right."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from billing import account, actions
from billing.actions.dispute import to_credit
from billing.models import Adjustment, Bill, Dispute, Payment
from billing.tests.conftest import delivered, over_bills, run_bills
from delivery import actions as deliveries
from notifications import clock
from orders import actions as order_actions
from orders.models import Offer, Product
from orders.tests.conftest import subscription

__all__ = ["subscription"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(asha, milk):
    """Two bottles that Asha was brought, for ₹65."""
    order = delivered(asha, 65)
    order.items.create(product=milk, quantity=2)
    return order


@pytest.fixture
def dispute(asha, brought):
    return actions.open_dispute(asha, "damaged", "Both were broken", order=brought)


def stands(error):
    return [one.code for errors in error.value.error_dict.values() for one in errors] == ["state"]


def test_a_dispute_is_opened_by_whoever_says_so(asha, brought, chitra):
    dispute = actions.open_dispute(asha, "damaged", "Broken", order=brought, by=chitra)

    assert (dispute.status, dispute.customer, dispute.opened_by) == ("open", asha, chitra)
    assert str(dispute) == f"Damaged: order {brought}"


def test_the_same_again_is_the_one_that_is_open(asha, brought, dispute):
    assert actions.open_dispute(asha, "damaged", order=brought) == dispute


def test_another_about_the_same_is_refused_while_one_is_open(asha, brought, dispute):
    with pytest.raises(ValidationError, match="open already") as error:
        actions.open_dispute(asha, "wrong_item", order=brought)
    assert stands(error)
    actions.refuse(dispute, "No")
    assert actions.open_dispute(asha, "wrong_item", order=brought).status == "open"


def test_the_database_keeps_one_open_about_an_order(asha, brought, dispute):
    with pytest.raises(IntegrityError, match="dispute_open_once_of_order"):
        Dispute.objects.create(customer=asha, order=brought, what="damaged")


@pytest.mark.parametrize("both", [True, False])
def test_it_is_about_an_order_or_a_bill(asha, brought, bill, both):
    about = {"order": brought, "bill": bill} if both else {}
    with pytest.raises(ValidationError, match="one of the two"):
        actions.open_dispute(asha, "damaged", **about)


def test_another_customers_order_is_refused(imran, brought):
    with pytest.raises(ValidationError, match="another customer's"):
        actions.open_dispute(imran, "damaged", order=brought)


def test_a_cancelled_order_is_refused(asha, order):
    order = order_actions.cancel(order)
    with pytest.raises(ValidationError, match="was cancelled") as error:
        actions.open_dispute(asha, "not_delivered", order=order)
    assert stands(error)


def test_a_credit_is_on_the_next_bill_where_none_is_open(asha, dispute, chitra):
    settled = actions.settle_by_adjustment(dispute, Decimal("30"), "Broken", by=chitra)

    assert (settled.status, settled.outcome, settled.settled_by) == ("settled", "adjustment", chitra)
    assert (settled.adjustment.amount, settled.adjustment.bill) == (-30, None)
    run_bills()
    assert Bill.objects.get().amount == 35


def test_a_credit_lessens_what_is_open_on_the_bill_and_not_what_it_says(asha, dispute):
    run_bills()
    actions.settle_by_adjustment(dispute, Decimal("30"), "Broken")

    bill = Bill.objects.get()
    assert (bill.amount, bill.outstanding, bill.status) == (65, 35, "open")


def test_a_credit_of_all_of_it_pays_the_bill(dispute):
    run_bills()
    actions.settle_by_adjustment(dispute, Decimal("65"), "Broken")

    assert Bill.objects.get().status == "paid"


@pytest.mark.parametrize("amount", ["0", "-1", "65.01"])
def test_not_more_than_was_charged_is_credited(dispute, amount):
    with pytest.raises(ValidationError) as error:
        actions.settle_by_adjustment(dispute, Decimal(amount), "Broken")
    assert "amount" in error.value.message_dict


def test_what_was_credited_before_is_not_credited_again(asha, brought, dispute):
    actions.settle_by_adjustment(dispute, Decimal("40"), "Broken")
    again = actions.open_dispute(asha, "wrong_item", order=brought)
    with pytest.raises(ValidationError, match=r"At most ₹25"):
        actions.settle_by_adjustment(again, Decimal("26"), "Wrong")


def test_disputes_are_found_by_the_number_of_their_order(desk, brought, dispute, imran):
    actions.open_dispute(imran, "damaged", order=(other := delivered(imran, 10)))
    said = desk.get("/admin/billing/dispute/", {"q": brought.number}).content.decode()
    assert brought.number in said
    assert other.number not in said


def test_a_page_that_asks_nothing_changes_nothing_when_it_is_posted(desk, dispute):
    address = f"/admin/billing/dispute/{dispute.pk}/change/"
    assert desk.post(address, {"what": "wrong_item"}).status_code == 302
    dispute.refresh_from_db()
    assert (dispute.what, dispute.status) == ("damaged", "open")


@pytest.fixture
def paid_in_full(asha, brought):
    """Asha's bill of ₹65, paid: credit for it waits for the next one."""
    run_bills()
    Payment.objects.create(customer=asha, amount=65, method="upi")
    return Bill.objects.get()


def test_a_paid_bill_is_not_credited_twice(asha, paid_in_full):
    actions.settle_by_adjustment(
        actions.open_dispute(asha, "wrong_amount", bill=paid_in_full), Decimal("65"), "All wrong"
    )
    again = actions.open_dispute(asha, "wrong_amount", bill=paid_in_full)
    with pytest.raises(ValidationError, match="At most ₹0"):
        actions.settle_by_adjustment(again, Decimal("1"), "Again")


def test_what_was_credited_for_an_order_is_not_credited_again_for_its_bill(asha, paid_in_full, dispute):
    actions.settle_by_adjustment(dispute, Decimal("40"), "Broken")
    again = actions.open_dispute(asha, "wrong_amount", bill=paid_in_full)

    assert to_credit(again) == 25


def test_what_was_credited_for_a_bill_is_not_credited_again_for_its_orders(asha, paid_in_full, dispute):
    about_bill = actions.open_dispute(asha, "wrong_amount", bill=paid_in_full)
    actions.settle_by_adjustment(about_bill, Decimal("40"), "Wrong")

    assert to_credit(dispute) == 25


def test_credit_from_before_does_not_lessen_what_can_be_credited_for_a_later_order(asha, dispute):
    actions.settle_by_adjustment(dispute, Decimal("65"), "Broken")
    later = delivered(asha, 65, "2026-11-20T07:00")
    run_bills()

    assert to_credit(actions.open_dispute(asha, "damaged", order=later)) == 65


def test_nothing_is_credited_for_what_was_not_charged(asha, order):
    dispute = actions.open_dispute(asha, "not_delivered", order=order)
    with pytest.raises(ValidationError, match="At most ₹0"):
        actions.settle_by_adjustment(dispute, Decimal("1"), "It never came")


def test_a_reason_is_needed(dispute):
    for settle in (
        lambda: actions.refuse(dispute, " "),
        lambda: actions.settle_by_adjustment(dispute, 5, ""),
    ):
        with pytest.raises(ValidationError, match="Say why"):
            settle()
    dispute.refresh_from_db()
    assert dispute.status == "open"


def test_bringing_it_again_credits_the_order_now_and_charges_the_new_one_when_it_comes(
    asha, dispute, tomorrow
):
    settled = actions.settle_by_redelivery(dispute, tomorrow)

    assert (settled.outcome, settled.adjustment.amount) == ("redelivery", -65)
    new = settled.redelivery
    assert (new.delivery_date, new.total, new.status) == (tomorrow, 65, "confirmed")
    assert [(item.product_id, item.quantity) for item in new.items.all()] == [
        (item.product_id, item.quantity) for item in dispute.order.items.all()
    ]
    assert account.balance(asha.pk) == 0 == over_bills(asha)


def test_a_redelivery_of_what_was_not_charged_credits_nothing(asha, order, tomorrow):
    dispute = actions.open_dispute(asha, "not_delivered", order=order)
    settled = actions.settle_by_redelivery(dispute, tomorrow)

    assert (settled.adjustment, settled.status) == (None, "settled")


def test_what_is_brought_again_costs_what_it_did(asha, milk, dispute, tomorrow):
    Product.objects.update(price=40)
    settled = actions.settle_by_redelivery(dispute, tomorrow)
    assert settled.redelivery.total == 65


@pytest.fixture
def earned(asha, subscription):
    """Asha came back: 25 % off her next order."""
    now = clock.now()
    stands = {"made_at": now, "until": now + timedelta(days=7), "earned_at": now}
    return Offer.objects.create(customer=asha, subscription=subscription, cause="a pause", **stands)


def test_what_is_brought_again_is_as_cheap_as_it_was_and_no_other_order_is(asha, milk, earned, tomorrow):
    order = order_actions.place_order(asha, tomorrow, [(milk, 2)])
    deliveries.mark_delivered(order.delivery)
    again = actions.settle_by_redelivery(
        actions.open_dispute(asha, "damaged", order=order), tomorrow
    ).redelivery

    assert (
        (again.discount, again.total) == (order.discount, order.total) == (Decimal("16.25"), Decimal("48.75"))
    )
    assert order_actions.place_order(asha, tomorrow, [(milk, 2)]).discount == 0


def test_a_redelivery_uses_up_no_offer(asha, dispute, earned, tomorrow):
    assert actions.settle_by_redelivery(dispute, tomorrow).redelivery.discount == 0
    earned.refresh_from_db()
    assert earned.order is None


def test_what_never_came_and_is_brought_again_is_charged_once(asha, milk, earned, tomorrow):
    order = order_actions.place_order(asha, tomorrow, [(milk, 2)])
    dispute = actions.open_dispute(asha, "not_delivered", order=order)
    again = actions.settle_by_redelivery(dispute, tomorrow).redelivery
    deliveries.mark_delivered(again.delivery)

    with pytest.raises(ValidationError, match="cancelled"):
        deliveries.mark_delivered(order.delivery)
    assert account.balance(asha.pk) == Decimal("48.75")


def test_a_bill_is_not_brought_again(asha, bill, tomorrow):
    dispute = actions.open_dispute(asha, "wrong_amount", bill=bill)
    with pytest.raises(ValidationError, match="about a bill"):
        actions.settle_by_redelivery(dispute, tomorrow)


def test_a_day_that_is_over_is_refused_and_nothing_is_credited(dispute):
    with pytest.raises(ValidationError, match="This day is over"):
        actions.settle_by_redelivery(dispute, date(2020, 1, 1))
    dispute.refresh_from_db()
    assert (dispute.status, Adjustment.objects.count()) == ("open", 0)


def test_a_refusal_changes_no_money(asha, dispute):
    refused = actions.refuse(dispute, "It was there")

    assert (refused.status, refused.outcome, refused.reason) == ("refused", "refusal", "It was there")
    assert account.balance(asha.pk) == 65


def test_settling_again_in_the_same_way_changes_nothing(dispute):
    for _ in range(2):
        actions.settle_by_adjustment(dispute, Decimal("30"), "Broken")

    assert Adjustment.objects.count() == 1


def test_settling_in_another_way_is_refused(dispute, tomorrow):
    actions.refuse(dispute, "It was there")
    for settle in (
        lambda: actions.settle_by_adjustment(dispute, Decimal("30"), "Broken"),
        lambda: actions.settle_by_redelivery(dispute, tomorrow),
    ):
        with pytest.raises(ValidationError, match="settled already: refusal") as error:
            settle()
        assert stands(error)


def test_a_disputed_bill_is_lessened_by_what_was_wrong(asha, bill):
    dispute = actions.open_dispute(asha, "wrong_amount", bill=bill)
    actions.settle_by_adjustment(dispute, Decimal("50"), "Counted twice")

    bill.refresh_from_db()
    assert (bill.outstanding, bill.amount) == (400, 450)


def test_a_disputed_bill_that_was_carried_lessens_the_one_that_carries_it(asha, bill):
    run_bills("2026-12")
    dispute = actions.open_dispute(asha, "wrong_amount", bill=bill)
    settled = actions.settle_by_adjustment(dispute, Decimal("50"), "Counted twice")

    assert settled.adjustment.bill == Bill.objects.get(month="2026-12-01")
    assert settled.adjustment.bill.outstanding == 400


def test_days_ahead_are_there_for_a_redelivery(dispute, tomorrow):
    assert actions.settle_by_redelivery(dispute, tomorrow + timedelta(days=3)).redelivery

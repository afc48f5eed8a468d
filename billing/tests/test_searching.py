"""The desk's search for messages, by a bill's number."""

import pytest

from billing import searching
from billing.models import Payment
from notifications import registry

pytestmark = pytest.mark.django_db

LOG = "/admin/notifications/message/"


@pytest.mark.parametrize("way", [str, str.lower])
def test_a_bill_s_number_finds_what_is_about_it_and_about_what_was_paid_for_it(bill, way):
    payment = Payment.objects.create(
        customer=bill.customer, bill=bill, amount="10", method="cash", month=bill.month
    )

    found = searching.bill(way(bill.number))

    assert found == registry.Found(
        f"the bill {bill.number}", references=(f"bill_{bill.pk}", f"payment_{payment.pk}")
    )


@pytest.mark.parametrize("typed", ["BILL-2026", "BILL-202611-", "xBILL-202611-0007", "", "BILL-202611-०"])
def test_what_is_no_bill_s_number_is_not_looked_up(typed):
    assert searching.bill(typed) is None


def test_a_number_that_no_bill_has_is_understood_all_the_same():
    assert searching.bill("BILL-202611-0007") == registry.Found("the bill BILL-202611-0007")


def test_the_pages_of_bills_and_payments_lead_to_their_messages(admin_client, bill):
    payment = Payment.objects.create(
        customer=bill.customer, bill=bill, amount="10", method="cash", month=bill.month
    )

    for page, term in ((f"bill/{bill.pk}", bill.number), (f"payment/{payment.pk}", f"payment_{payment.pk}")):
        html = admin_client.get(f"/admin/billing/{page}/change/").content.decode()
        assert f'<a href="{LOG}?q={term}">Messages about this</a>' in html

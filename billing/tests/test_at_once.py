"""Two who do the same thing at the same moment."""

import pytest
from rest_framework.test import APIClient

from billing.models import Bill, Payment
from delivery.tests.test_at_once import at_once
from notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(chitra, asha):
    """Chitra records a payment of Asha's, several times at once; the answers' statuses."""

    def send(fields, **headers):
        client = APIClient()
        client.force_authenticate(chitra)
        body = {"customer": asha.pk, "amount": "100.00", "method": "upi", "month": "2026-11"} | fields
        return client.post("/api/billing/payments", body, format="json", headers=headers)

    return send


def test_a_payment_sent_by_four_at_once_with_one_key_is_one_and_thanked_for_once(post, bill):
    answers = at_once(lambda fields: post(fields, **{"Idempotency-Key": "till-1"}), {})
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Payment.objects.count() == 1
    assert Message.objects.filter(kind="payment_confirmation").count() == 1


def test_a_transaction_id_sent_by_four_at_once_is_recorded_once_and_named_to_the_others(post):
    answers = at_once(post, {"transaction_id": "UPI-1"})
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    named = {answer.json()["errors"][0]["attr"] for answer in answers if answer.status_code == 400}
    assert named == {"transaction_id"}


def test_four_payments_of_one_bill_at_once_settle_it(post, bill):
    answers = at_once(post, {"amount": "112.50"})
    assert {answer.status_code for answer in answers} == {201}
    assert Bill.objects.get().status == "paid"

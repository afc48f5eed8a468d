"""Two who do the same thing at the same moment."""

import pytest

from billing.models import Bill, Payment
from billing.tests.conftest import PAYMENTS, post
from notifications.models import Message
from orders.tests.conftest import at_once, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def four(chitra, paid):
    """What four are answered who record Asha's payment at once, each on a connection of their own."""

    def send(fields, **headers):
        return at_once(lambda: post(signed_in(chitra), PAYMENTS, paid | fields, **headers))

    return send


def test_a_payment_sent_by_four_at_once_with_one_key_is_one_and_thanked_for_once(four, bill):
    answers = four({}, **{"Idempotency-Key": "till-1"})
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Payment.objects.count() == 1
    assert Message.objects.filter(kind="payment_confirmation").count() == 1


def test_a_transaction_id_sent_by_four_at_once_is_recorded_once_and_named_to_the_others(four):
    answers = four({"transaction_id": "UPI-1"})
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    named = {answer.json()["errors"][0]["attr"] for answer in answers if answer.status_code == 400}
    assert named == {"transaction_id"}


def test_four_payments_of_one_bill_at_once_settle_it(four, bill):
    answers = four({"amount": "112.50"})
    assert {answer.status_code for answer in answers} == {201}
    assert Bill.objects.get().status == "paid"

"""What billing tells customers: its kinds of message, and one function for each that sends it for a row.

References: `bill_<id>`, `payment_<id>`.
"""

from datetime import date, timedelta
from decimal import Decimal

from billing.models import Bill, Payment
from notifications import outbox
from notifications.registry import MessageKind, Variable, register
from orders.links import to_admin
from orders.messages import CUSTOMER_NAME

PAYMENT_REMINDER = MessageKind(
    code="payment_reminder",
    label="Payment due",
    cause="a bill is to be paid (the daily job)",
    preference="payment",
    hours="reminder",
    expires=timedelta(days=3),
    variables=(
        CUSTOMER_NAME,
        Variable("amount", "money", "450.00", "What is still to pay, in rupees"),
        Variable("period", "month", "2026-11", "The month it is for"),
    ),
    texts={
        "en": "Payment due: ₹{{amount}} for {{period}}",
        "hi": "भुगतान बाकी: {{period}} के लिए ₹{{amount}}",
        "kn": "{{period}}ರ ಪಾವತಿ ಬಾಕಿ: ₹{{amount}}",
        "ta": "செலுத்த வேண்டிய தொகை: ₹{{amount}} ({{period}})",
        "te": "చెల్లించాల్సిన మొత్తం: {{period}}కు ₹{{amount}}",
        "mr": "पेमेंट बाकी: {{period}} साठी ₹{{amount}}",
    },
)
PAYMENT_CONFIRMATION = MessageKind(
    code="payment_confirmation",
    label="Payment received",
    cause="a payment was recorded",
    preference="payment",
    expires=timedelta(hours=72),
    answers=True,
    variables=(
        CUSTOMER_NAME,
        Variable("amount", "money", "450.00", "What was paid, in rupees"),
        Variable("month", "month", "2026-11", "The month it is for"),
        Variable("payment_method", "text", "UPI", "How it was paid"),
    ),
    texts={
        "en": "✓ Payment received! ₹{{amount}}",
        "hi": "✓ भुगतान मिल गया! ₹{{amount}}",
        "kn": "✓ ಪಾವತಿ ಸ್ವೀಕರಿಸಲಾಗಿದೆ! ₹{{amount}}",
        "ta": "✓ கட்டணம் பெறப்பட்டது! ₹{{amount}}",
        "te": "✓ చెల్లింపు అందింది! ₹{{amount}}",
        "mr": "✓ पेमेंट मिळाले! ₹{{amount}}",
    },
)
KINDS = (PAYMENT_REMINDER, PAYMENT_CONFIRMATION)
register(*KINDS)
to_admin("bill_", "billing_bill")
to_admin("payment_", "billing_payment")


def payment_reminder(bill: Bill, day: date):
    """Ask for what is still to pay, once on each `day`."""
    Bill.objects.filter(pk=bill.pk).update(reminded_for=day)
    item = reminder_of(bill, day, bill.outstanding)
    return outbox.queue(
        PAYMENT_REMINDER.code,
        to=item.to,
        variables=item.variables,
        reference=item.reference,
        key=item.key,
        language=item.language,
    )


def reminder_of(bill: Bill, day: date, outstanding: Decimal) -> outbox.Item:
    """The same for many at once; what is to pay is known already."""
    return outbox.Item(
        to=bill.customer.phone,
        variables={
            "customer_name": bill.customer.name,
            "amount": str(outstanding),
            "period": f"{bill.month:%Y-%m}",
        },
        reference=f"bill_{bill.pk}",
        key=f"payment_reminder:bill-{bill.pk}:{day}",
        language=bill.customer.language,
    )


def payment_received(payment: Payment):
    """Thank the customer for a payment."""
    return outbox.queue(
        PAYMENT_CONFIRMATION.code,
        to=payment.customer.phone,
        variables={
            "customer_name": payment.customer.name,
            "amount": str(payment.amount),
            "month": f"{payment.month:%Y-%m}",
            "payment_method": payment.get_method_display(),
        },
        reference=f"payment_{payment.pk}",
        key=f"payment_confirmation:{payment.pk}",
        language=payment.customer.language,
    )

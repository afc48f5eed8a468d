"""The templates a sandbox starts with: EarlyBird's ten kinds, reviewed, in English and some in Hindi.

Each value's name says which of the kind's variables stands at {{1}}, {{2}}, …; what it holds is the sample.
"""

from typing import Any


def _template(kind: str, language: str, body: str, **samples: str) -> dict[str, Any]:
    example = {str(number): sample for number, sample in enumerate(samples.values(), 1)}
    return {"name": kind, "language": language, "body": body, "example": example}


_MARKETING = {"category": "marketing"}

STARTING: list[dict[str, Any]] = [
    _template(
        "order_confirmation",
        "en",
        "Hello {{1}}, order #{{2}} is confirmed. Thank you.",
        customer_name="Asha",
        order_id="77",
    ),
    _template(
        "subscription_confirmation",
        "en",
        "Hello {{1}}, your subscription to {{2}} is active from {{3}}. Thank you.",
        customer_name="Asha",
        product="Cow milk 500 ml",
        start_date="December 1",
    ),
    _template(
        "pause_confirmation",
        "en",
        "Hello {{1}}, your subscription is paused until {{2}}. See you then.",
        customer_name="Asha",
        resume_date="December 15",
    ),
    _template(
        "churn_risk",
        "en",
        "❤️ We miss you! Resume your subscription within 7 days for 25% OFF your next order.",
    )
    | _MARKETING,
    _template(
        "new_product",
        "en",
        "🆕 New at EarlyBird: {{1}}, available from {{2}} at ₹{{3}} each.",
        product="Paneer 200 g",
        availability_date="December 1",
        price="90",
    )
    | _MARKETING,
    _template(
        "delivery_reminder",
        "en",
        "Hello {{1}}, your EarlyBird delivery is scheduled for {{2}}. Good night.",
        customer_name="Asha",
        delivery_date="December 1",
    ),
    _template(
        "delivery_confirmed",
        "en",
        "✓ Your EarlyBird delivery of {{1}} for order #{{2}} is confirmed.",
        delivery_date="December 1",
        order_id="77",
    ),
    _template(
        "delivery_delayed",
        "en",
        "⏰ Your delivery is late, and comes at about {{1}}. Questions? Call {{2}} at any time.",
        eta_time="8:30 AM",
        delivery_boy_phone="+91 98765 43299",
    ),
    _template(
        "payment_reminder",
        "en",
        "Hello {{1}}, a payment of ₹{{2}} for {{3}} is due. Thank you.",
        customer_name="Asha",
        amount="450",
        period="November 2026",
    ),
    _template(
        "payment_confirmation",
        "en",
        "✓ We received your payment of ₹{{1}} for {{2}} by {{3}}. Thank you.",
        amount="450",
        month="November 2026",
        payment_method="UPI",
    ),
    _template(
        "order_confirmation",
        "hi",
        "नमस्ते {{1}}, आपका ऑर्डर #{{2}} पक्का हो गया है। धन्यवाद।",
        customer_name="आशा",
        order_id="77",
    ),
    _template(
        "delivery_reminder",
        "hi",
        "नमस्ते {{1}}, आपकी EarlyBird डिलीवरी {{2}} को तय है। शुभ रात्रि।",
        customer_name="आशा",
        delivery_date="1 दिसंबर",
    ),
    _template(
        "payment_confirmation",
        "hi",
        "✓ आपका ₹{{1}} का भुगतान {{2}} के लिए {{3}} से मिल गया है। धन्यवाद।",
        amount="450",
        month="नवंबर 2026",
        payment_method="UPI",
    ),
    _template(
        "delivery_confirmed",
        "hi",
        "✓ {{1}} की डिलीवरी, ऑर्डर #{{2}}, हो गई है।",
        delivery_date="1 दिसंबर",
        order_id="77",
    )
    | {"status": "pending", "quality": None},
    _template(
        "new_product",
        "hi",
        "🆕 EarlyBird पर नया: {{1}}, {{2}} से ₹{{3}} में उपलब्ध।",
        product="पनीर 200 g",
        availability_date="1 दिसंबर",
        price="90",
    )
    | _MARKETING
    | {"status": "rejected", "quality": None, "failure_reason": "TAG_CONTENT_MISMATCH"},
    _template(
        "churn_risk",
        "hi",
        "❤️ हमें आपकी कमी खल रही है! 7 दिन में फिर से शुरू करें और अगले ऑर्डर पर 25% की छूट पाएँ।",
    )
    | _MARKETING
    | {"status": "paused", "quality": "RED"},
]

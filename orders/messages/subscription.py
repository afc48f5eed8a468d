"""What a customer is told of a subscription. Reference: `subscription_<id>`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from notifications import outbox
from notifications.registry import MessageKind, Variable
from orders.coming import next_delivery
from orders.links import to_admin
from orders.messages.customer import CUSTOMER_NAME
from orders.models import Customer, Subscription, SubscriptionPause

SUBSCRIPTION_CONFIRMATION = MessageKind(
    code="subscription_confirmation",
    label="Subscription active",
    cause="a subscription became active",
    preference="subscription",
    expires=timedelta(hours=24),
    answers=True,
    variables=(
        CUSTOMER_NAME,
        Variable("subscription_id", "text", "12", "The subscription's number"),
        Variable("product", "text", "Cow milk 500 ml", "What is brought"),
        Variable("start_date", "date", "2026-12-01", "The first day"),
    ),
    texts={
        "en": "✓ Subscription active: {{product}}",
        "hi": "✓ सब्सक्रिप्शन चालू हो गया है: {{product}}",
        "kn": "✓ ಚಂದಾದಾರಿಕೆ ಸಕ್ರಿಯವಾಗಿದೆ: {{product}}",
        "ta": "✓ சந்தா தொடங்கியது: {{product}}",
        "te": "✓ సబ్‌స్క్రిప్షన్ యాక్టివ్ అయింది: {{product}}",
        "mr": "✓ सबस्क्रिप्शन सुरू झाले आहे: {{product}}",
    },
)
PAUSE_CONFIRMATION = MessageKind(
    code="pause_confirmation",
    label="Subscription paused",
    cause="a pause was recorded",
    preference="subscription",
    expires=timedelta(hours=24),
    answers=True,
    variables=(
        CUSTOMER_NAME,
        Variable("resume_date", "date", "2026-12-15", "The day it goes on, or “you resume”"),
    ),
    texts={
        "en": "⏸️ Subscription paused until {{resume_date}}",
        "hi": "⏸️ सब्सक्रिप्शन रुका रहेगा, फिर शुरू: {{resume_date}}",
        "kn": "⏸️ ಚಂದಾದಾರಿಕೆ ವಿರಾಮದಲ್ಲಿದೆ, ಮತ್ತೆ ಆರಂಭ: {{resume_date}}",
        "ta": "⏸️ சந்தா நிறுத்தி வைக்கப்பட்டுள்ளது, மீண்டும் தொடக்கம்: {{resume_date}}",
        "te": "⏸️ సబ్‌స్క్రిప్షన్ నిలిపివేయబడింది, తిరిగి ప్రారంభం: {{resume_date}}",
        "mr": "⏸️ सबस्क्रिप्शन थांबवले आहे, पुन्हा सुरू: {{resume_date}}",
    },
)
CHURN_RISK = MessageKind(
    code="churn_risk",
    label="We miss you",
    cause="the daily job saw that the customer has been away",
    preference="promotional",
    category="marketing",
    hours="marketing",
    expires=timedelta(days=3),
    variables=(CUSTOMER_NAME,),
    texts={
        "en": "❤️ We miss you! Resume for 25% OFF",
        "hi": "❤️ हमें आपकी कमी खल रही है! फिर से शुरू करें और 25% की छूट पाएँ",
        "kn": "❤️ ನಿಮ್ಮ ನೆನಪಾಗುತ್ತಿದೆ! ಮತ್ತೆ ಆರಂಭಿಸಿ, 25% ರಿಯಾಯಿತಿ ಪಡೆಯಿರಿ",
        "ta": "❤️ உங்களை மிஸ் பண்ணுகிறோம்! மீண்டும் தொடங்கி 25% தள்ளுபடி பெறுங்கள்",
        "te": "❤️ మిమ్మల్ని మిస్ అవుతున్నాం! మళ్లీ ప్రారంభించి 25% తగ్గింపు పొందండి",
        "mr": "❤️ तुमची आठवण येते! पुन्हा सुरू करा आणि 25% सूट मिळवा",
    },
)

# An open-ended pause, as the text above goes on: “paused until you resume”, “resumes: when you wish”.
YOU_RESUME = {
    "en": "you resume",
    "hi": "जब आप चाहें",
    "kn": "ನೀವು ಬಯಸಿದಾಗ",
    "ta": "நீங்கள் விரும்பும்போது",
    "te": "మీరు కోరినప్పుడు",
    "mr": "तुम्हाला हवे तेव्हा",
}

to_admin("subscription_", "orders_subscription")


def subscription_active(subscription: Subscription):
    """Tell the customer that the subscription runs, once in its life."""
    customer = subscription.customer
    return outbox.queue(
        SUBSCRIPTION_CONFIRMATION.code,
        to=customer.phone,
        variables={
            "customer_name": customer.name,
            "subscription_id": str(subscription.pk),
            "product": str(subscription.product),
            # Who subscribes after the cut-off, or before the product is there, is brought nothing on the first day.
            "start_date": str(next_delivery(subscription) or subscription.start),
        },
        reference=f"subscription_{subscription.pk}",
        key=f"subscription_confirmation:{subscription.pk}",
        language=customer.language,
    )


def pause_recorded(pause: SubscriptionPause):
    """Tell the customer until when nothing is brought, once for the days the pause now has."""
    customer = pause.subscription.customer
    until = str(pause.resume_date or _you_resume(customer))
    return outbox.queue(
        PAUSE_CONFIRMATION.code,
        to=customer.phone,
        variables={"customer_name": customer.name, "resume_date": until},
        reference=f"subscription_{pause.subscription_id}",
        key=f"pause_confirmation:{pause.pk}:{pause.from_date}:{pause.resume_date}",
        language=customer.language,
    )


def _you_resume(customer: Customer) -> str:
    """In the language of the text that it stands in, which need not be the customer record's."""
    language = outbox.language_of(PAUSE_CONFIRMATION.code, customer.phone, customer.language)
    return YOU_RESUME.get(language, YOU_RESUME["en"])


def churn_risk(absences: Iterable[tuple[Subscription, str]], now: datetime):
    """Ask customers back (at most 1,000), once for each cause: a pause, an end. See `outbox.queue_chunk`."""
    return outbox.queue_chunk(
        CHURN_RISK.code,
        [asking_back(subscription, cause, now) for subscription, cause in absences],
    )


def asking_back(subscription: Subscription, cause: str, now: datetime) -> outbox.Item:
    """What the outbox takes to ask one back."""
    return outbox.Item(
        to=subscription.customer.phone,
        variables={"customer_name": subscription.customer.name},
        reference=f"subscription_{subscription.pk}",
        key=f"churn_risk:{cause}",
        at=now,
        language=subscription.customer.language,
    )

"""What customers are told of a product. Reference: `product_<id>`."""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from notifications import outbox
from notifications.registry import MessageKind, Variable
from orders import days
from orders.links import to_admin
from orders.messages.customer import CUSTOMER_NAME
from orders.models import Customer, Product

NEW_PRODUCT = MessageKind(
    code="new_product",
    label="New product",
    cause="staff announced a product",
    preference="promotional",
    category="marketing",
    hours="marketing",
    expires=timedelta(days=3),
    variables=(
        CUSTOMER_NAME,
        Variable("product", "text", "Paneer 200 g", "What is new"),
        Variable("product_id", "text", "5", "The product's number"),
        Variable("availability_date", "date", "2026-12-01", "The first day it can be had"),
        Variable("price", "money", "90.00", "What one costs, in rupees"),
    ),
    texts={
        "en": "🆕 {{product}} available from {{availability_date}}",
        "hi": "🆕 {{product}} {{availability_date}} से उपलब्ध है",
        "kn": "🆕 {{product}} ಲಭ್ಯವಾಗುವ ದಿನ: {{availability_date}}",
        "ta": "🆕 {{product}} {{availability_date}} முதல் கிடைக்கும்",
        "te": "🆕 {{product}} {{availability_date}} నుండి అందుబాటులో ఉంటుంది",
        "mr": "🆕 {{product}} {{availability_date}}पासून उपलब्ध",
    },
)

to_admin("product_", "orders_product")


def new_product(product: Product, customers: Iterable[Customer]) -> int:
    """Announce a product, once to each customer. Returns how many messages were recorded."""
    return outbox.queue_many(NEW_PRODUCT.code, items_of_product(product, customers, f"product_{product.pk}"))


def forget_untold(product: Product, phones: Collection[str]) -> None:
    """Let the customers with these numbers be told of it by another announcement: they were not by this one."""
    untold = Customer.objects.filter(phone__in=phones)
    outbox.forget([_key(product, pk) for pk in untold.values_list("pk", flat=True)])


def _key(product: Product, customer_id: int) -> str:
    return f"new_product:{product.pk}:{customer_id}"


def items_of_product(
    product: Product, customers: Iterable[Customer], reference: str
) -> Iterator[outbox.Item]:
    """The messages that tell these customers of it, one each."""
    of_product = {
        "product": str(product),
        "product_id": str(product.pk),
        "availability_date": str(product.available_from or days.today()),
        "price": str(product.price),
    }
    for customer in customers:
        yield outbox.Item(
            to=customer.phone,
            variables={"customer_name": customer.name, **of_product},
            reference=reference,
            key=_key(product, customer.pk),
            language=customer.language,
        )

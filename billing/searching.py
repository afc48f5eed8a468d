"""How the desk's search finds messages by a bill's number: about the bill, and about what was paid for it."""

import re

from billing.models import Bill, Payment
from notifications import registry

_NUMBER = re.compile(r"BILL-[0-9]{6}-[0-9]{1,9}", re.IGNORECASE | re.ASCII)
MOST_PAYMENTS = 20


@registry.searched("a bill's number (BILL-202611-0007)")
def bill(term: str) -> registry.Found | None:
    if not _NUMBER.fullmatch(term):
        return None
    number = term.upper()
    found = Bill.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        return registry.Found(f"the bill {number}")
    paid = Payment.objects.filter(bill=found).order_by("-pk").values_list("pk", flat=True)[:MOST_PAYMENTS]
    return registry.Found(
        f"the bill {number}", references=(f"bill_{found}", *(f"payment_{pk}" for pk in paid))
    )

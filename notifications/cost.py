"""What messages cost: the price of their category, once for each message that MyOperator ever accepted.

The transition function writes it when a message is first accepted, so that a price that changes later changes
nothing that was sent before. A second sending after an unknown outcome is not counted: what MyOperator took twice
only its own bill says.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifications import approved, registry

MOST = 1000  # rupees for one message: more is a slip of the finger
FINEST = -4  # decimal places that the column keeps, as an exponent
SETTINGS = ("NOTIFICATION_PRICE_UTILITY", "NOTIFICATION_PRICE_MARKETING")

# Of a message `m`, in SQL. Where only approved templates go out, the template has the category, whatever we call the
# kind; and what had none to go by was an answer within the window, which is free. The kinds that staff made are asked
# here, and not from a process's memory: a receipt may be the first that a process hears of a kind.
PRICE_SQL = """CASE
    WHEN %(by_template)s THEN coalesce((
        SELECT CASE WHEN lower(t.category) = 'marketing' THEN %(marketing_price)s::numeric
                    ELSE %(utility_price)s::numeric END
        FROM notifications_approvedtemplate t
        WHERE t.name = m.approved ->> 'name' AND t.language = m.approved ->> 'language'
        AND t.status = 'approved' AND NOT t.gone), 0)
    WHEN m.kind = ANY(%(marketing_kinds)s::text[])
        OR m.kind IN (SELECT code FROM notifications_customkind WHERE category = 'marketing')
    THEN %(marketing_price)s::numeric ELSE %(utility_price)s::numeric END"""


def parameters() -> dict[str, Any]:
    """What PRICE_SQL needs: whether it goes by templates, rupees, and which kinds are marketing."""
    return {
        "by_template": approved.in_force(),
        "marketing_kinds": "{" + ",".join(registry.marketing()) + "}",
        "marketing_price": settings.NOTIFICATION_PRICE_MARKETING,
        "utility_price": settings.NOTIFICATION_PRICE_UTILITY,
    }


def price(code: str) -> Decimal:
    """Rupees for one message of this kind, by what we call it; where templates count, theirs may differ."""
    kind = registry.get(code)
    is_marketing = kind is not None and kind.category == "marketing"
    found: Decimal = (
        settings.NOTIFICATION_PRICE_MARKETING if is_marketing else settings.NOTIFICATION_PRICE_UTILITY
    )
    return found


@register()
def prices_make_sense(**_: Any) -> Iterator[CheckMessage]:
    for name in SETTINGS:
        if not _is_price(getattr(settings, name)):
            yield Error(
                f"{name}={getattr(settings, name)} is no price of a message.",
                hint=f"Rupees from 0 to {MOST}, with at most {-FINEST} decimal places, for example 0.13.",
                id="notifications.E020",
            )


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and 0 <= price <= MOST and int(price.normalize().as_tuple().exponent) >= FINEST

"""The front page: how the shop and its messages stand today. Each card only for those who may see what is behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime

from earlybird.desk import figures, find, shop, tables, texts
from notifications import attention, concerns
from notifications.admin import channel
from notifications.admin.attention import allowed
from notifications.clock import now as clock_now


def filled(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the front page shows this user; for Unfold, which calls it with the context of the index."""
    now = clock_now()
    cards = {
        "may_find": find.may(request.user),
        "channel": _channel(request),
        "figures": _if(request, "notifications.view_message", lambda: figures.counted(now)),
        "causes": _if(request, "notifications.view_message", lambda: attention.causes(now)),
        "concerns": _if(request, "notifications.view_channel", lambda: concerns.all_of_them(now)),
        "jobs_in_trouble": _if(request, "jobs.view_job", lambda: shop.jobs_in_trouble(now)),
        "deliveries": _if(request, "delivery.view_delivery", shop.deliveries_today),
        "tomorrow": _if(request, "orders.view_order", shop.orders_tomorrow),
        "overdue": _if(request, "billing.view_bill", shop.bills_overdue),
        "announcements": _if(request, "orders.view_announcement", shop.announcements),
        "texts": _texts(request),
    }
    shown = any(card not in (None, False) for card in cards.values())
    more = {"now": now, "title": _title(now), "sees_anything": shown, "remedies": allowed(request.user)}
    return context | cards | more | _tables(cards["figures"])


def _texts(request: HttpRequest) -> texts.Texts | None:
    """For who writes texts and sees no messages: whoever sees both finds a text that is off under what needs them."""
    may = request.user.has_perm
    is_writer = may("notifications.view_messagetemplate") and not may("notifications.view_message")
    return texts.texts() if is_writer else None


def _tables(found: figures.Figures | None) -> dict[str, Any]:
    return {"days_rows": tables.days(found), "kinds_rows": tables.kinds(found)} if found else {}


def _title(now: datetime) -> str:
    return f"Today, {localtime(now):%A %-d %B}"


def _if(request: HttpRequest, permission: str, card: Any) -> Any:
    """The card, or None where this user may not see it; an empty one is not None."""
    return card() if request.user.has_perm(permission) else None


def _channel(request: HttpRequest) -> dict[str, Any] | None:
    if not request.user.has_perm("notifications.view_channel"):
        return None
    row = channel.ours()
    return {
        "row": row,
        "sentence": channel.sentence(row),
        "may_change": request.user.has_perm(channel.CHANGE),
    }

"""What stands at the left of every page: what staff do all day on top, what engineers need at the end."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# (title, icon of Material Symbols, page, the permission that it takes)
_Item = tuple[str, str, str, str]
_GROUPS: tuple[tuple[str, tuple[_Item, ...]], ...] = (
    (
        "Messages",
        (
            ("Needs attention", "notification_important", "notifications_attention",
             "notifications.view_message"),
            ("Message log", "forum", "notifications_message", "notifications.view_message"),
            ("Replies", "reply", "notifications_inboundmessage", "notifications.view_inboundmessage"),
            ("Texts", "edit_note", "notifications_messagetemplate", "notifications.view_messagetemplate"),
            ("Kinds of our own", "category", "notifications_customkind", "notifications.view_customkind"),
            ("Announcements", "campaign", "orders_announcement", "orders.view_announcement"),
            ("Acts on many", "playlist_add_check", "backoffice_act", "backoffice.view_act"),
        ),
    ),
    (
        "Shop",
        (
            ("Customers", "group", "orders_customer", "orders.view_customer"),
            ("Orders", "shopping_basket", "orders_order", "orders.view_order"),
            ("Subscriptions", "event_repeat", "orders_subscription", "orders.view_subscription"),
            ("Products", "egg", "orders_product", "orders.view_product"),
            ("Offers", "sell", "orders_offer", "orders.view_offer"),
        ),
    ),
    (
        "Delivery",
        (
            ("Route sheet", "route", "delivery_delivery_route_sheet", "delivery.view_delivery"),
            ("Deliveries", "local_shipping", "delivery_delivery", "delivery.view_delivery"),
            ("Agents", "badge", "delivery_agent", "delivery.view_agent"),
        ),
    ),
    (
        "Money",
        (
            ("Accounts", "account_balance_wallet", "billing_account", "billing.view_account"),
            ("Bills", "receipt_long", "billing_bill", "billing.view_bill"),
            ("Payments", "payments", "billing_payment", "billing.view_payment"),
            ("Adjustments", "tune", "billing_adjustment", "billing.view_adjustment"),
            ("Refunds", "undo", "billing_refund", "billing.view_refund"),
            ("Disputes", "gavel", "billing_dispute", "billing.view_dispute"),
        ),
    ),
    (
        "People's wishes",
        (
            ("Preferences", "toggle_on", "notifications_notificationpreference",
             "notifications.view_notificationpreference"),
            ("Consent ledger", "history_edu", "notifications_consentevent", "notifications.view_consentevent"),
            ("Erased people", "person_off", "notifications_erasureevent", "notifications.view_erasureevent"),
        ),
    ),
    (
        "The machine",
        (
            ("Channel", "cell_tower", "notifications_channel", "notifications.view_channel"),
            ("Approved templates", "verified", "notifications_approvedtemplate",
             "notifications.view_approvedtemplate"),
            ("Daily jobs", "schedule", "jobs_job", "jobs.view_job"),
            ("Webhook events", "webhook", "notifications_webhookevent", "notifications.view_webhookevent"),
            ("Periodic tasks", "timer", "django_celery_beat_periodictask",
             "django_celery_beat.view_periodictask"),
        ),
    ),
    (
        "People who work here",
        (
            ("Users", "person", "auth_user", "auth.view_user"),
            ("Groups", "shield_person", "auth_group", "auth.view_group"),
            ("Audit trail", "manage_search", "admin_logentry", "admin.view_logentry"),
            ("API tokens", "key", "knox_authtoken", "knox.view_authtoken"),
            ("Locked sign-ins", "lock", "axes_accessattempt", "axes.view_accessattempt"),
        ),
    ),
)  # fmt: skip

_OWN = ("_sheet", "_attention")  # pages of our own beside the lists


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Only what this user may see; a group with nothing in it is left out. Unfold's shape, with what is open marked."""
    shown: list[dict[str, Any]] = [
        {"items": [{"title": "Today", "icon": "dashboard", "link": _page("index")}]}
    ]
    for title, items in _GROUPS:
        allowed = [_entry(item) for item in items if request.user.has_perm(item[3])]
        if allowed:
            shown.append({"title": title, "separator": True, "items": allowed})
    _mark([item for group in shown for item in group["items"]], request.path)
    return shown


def _entry(item: _Item) -> dict[str, Any]:
    title, icon, page, _ = item
    return {
        "title": title,
        "icon": icon,
        "link": _page(page if page.endswith(_OWN) else f"{page}_changelist"),
    }


@cache
def _page(name: str) -> str:
    return reverse(f"admin:{name}")


def _mark(items: list[dict[str, Any]], path: str) -> None:
    """The entry that the open page lies under; of two the nearer, for one page may lie under another's."""
    under = [item["link"] for item in items if path.startswith(item["link"])]
    for item in items:
        item["active"] = bool(under) and item["link"] == max(under, key=len)

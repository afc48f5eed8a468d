"""Every page that staff can open: the tests open each, and `make screenshots` takes its picture.

A new page is a new line here; `earlybird/tests/test_pages.py` asks for the line that is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """`row`: whose `key` stands for `{}` in the path, as SQL after FROM; the newest such row is taken.

    `shows`: what is to be there in the demo shop, as CSS; None where the shop has nothing to show.
    """

    name: str
    path: str
    row: str = ""
    shows: str | None = "h1"
    signed_in: bool = True
    key: str = "id"

    def select(self) -> str:
        """The statement that finds the id."""
        return f"SELECT max({self.key}) FROM {self.row}"  # noqa: S608  our own table, above


ROWS = "#result_list tbody tr"


def _list(name: str, where: str, shows: str | None = ROWS) -> Page:
    return Page(f"{name} list", f"/admin/{where}/", shows=shows)


def _one(name: str, where: str, condition: str = "true", key: str = "id") -> Page:
    rows = f"{where.replace('/', '_')} WHERE {condition}"
    return Page(name, f"/admin/{where}/{{}}/change/", rows, "#content form, #content .card", key=key)


def _add(name: str, where: str) -> Page:
    return Page(f"{name} add", f"/admin/{where}/add/", shows="#content form")


_OFTEN = "notifications_messagetemplate WHERE version > 1"  # changed since it was written first

PAGES = (
    # The front door
    Page("sign in", "/admin/login/", shows="#id_username", signed_in=False),
    Page("today", "/admin/", shows=".front .channel"),
    # A customer calls
    Page("find one of many", "/admin/find/?q=an", shows=".people li"),
    Page("find nobody", "/admin/find/?q=nobody+has+this+name", shows=".caller"),
    Page("person", "/admin/desk/customer/{}/", "orders_customer WHERE phone = '+919876543210'", ".story .entry"),
    Page(
        "person not reached", "/admin/desk/customer/{}/", "orders_customer WHERE phone = '+919845000026'",
        ".person-head .mark",
    ),
    Page(
        "person erased", "/admin/desk/customer/{}/", "orders_customer WHERE erased_at IS NOT NULL",
        ".person-head",
    ),
    Page("number of no customer", "/admin/desk/person/?phone=%2B919800000011", shows=".person-head"),
    Page("change password", "/admin/password_change/", shows="#id_old_password"),
    # Messages
    _list("messages", "notifications/message"),
    Page("messages of one number", "/admin/notifications/message/?q=%2B919876543210", shows=ROWS),
    Page("messages none", "/admin/notifications/message/?q=%2B919999999999", shows=None),
    _one("message read", "notifications/message", "status = 'read'"),
    _one("message failed", "notifications/message", "status = 'failed'"),
    _one("message waiting", "notifications/message", "status = 'queued'"),
    _one("message suppressed", "notifications/message", "status = 'suppressed'"),
    Page("attention", "/admin/notifications/message/attention/", shows=".attention"),
    Page("attention cause", "/admin/notifications/message/attention/131026/", shows=".attention-rows td"),
    _list("acts", "backoffice/act"),
    Page("act asked", "/admin/backoffice/act/{}/", "backoffice_act WHERE state = 'ready'", ".act-ask"),
    Page("act done", "/admin/backoffice/act/{}/", "backoffice_act WHERE state = 'done'", ".is-good"),
    _list("replies", "notifications/inboundmessage"),
    _one("reply", "notifications/inboundmessage"),
    _list("texts", "notifications/messagetemplate", ".kinds li"),
    _one("text", "notifications/messagetemplate", "kind = 'order_confirmation' AND language = 'en'"),
    _one("text Hindi", "notifications/messagetemplate", "kind = 'delivery_reminder' AND language = 'hi'"),
    _add("text", "notifications/messagetemplate"),
    Page(
        "text history", "/admin/notifications/messagetemplate/{}/history/",
        "notifications_messagetemplate WHERE kind = 'payment_reminder' AND language = 'en'", None,
    ),
    Page("text versions", "/admin/notifications/messagetemplate/{}/versions/", _OFTEN, ".versions li"),
    Page(
        "text versions compared", "/admin/notifications/messagetemplate/{}/versions/?from=1&to=2", _OFTEN,
        ".difference",
    ),
    Page("text version", "/admin/notifications/messagetemplate/{}/versions/1/", _OFTEN, ".wall"),
    Page("text back", "/admin/notifications/messagetemplate/{}/versions/1/back/", _OFTEN, ".wall"),
    _list("kinds", "notifications/customkind"),
    _one("kind", "notifications/customkind"),
    _add("kind", "notifications/customkind"),
    _list("announcements", "orders/announcement"),
    _one("announcement", "orders/announcement"),
    _add("announcement", "orders/announcement"),
    Page("announcement start", "/admin/orders/announcement/{}/start", "orders_announcement WHERE status = 'draft'"),
    # Shop
    _list("customers", "orders/customer"),
    _one("customer", "orders/customer", "phone = '+919876543210'"),
    _add("customer", "orders/customer"),
    _list("orders", "orders/order"),
    _one("order", "orders/order", "status = 'confirmed'"),
    _add("order", "orders/order"),
    _list("subscriptions", "orders/subscription"),
    _one("subscription", "orders/subscription"),
    _add("subscription", "orders/subscription"),
    _list("products", "orders/product"),
    _one("product", "orders/product"),
    _list("offers", "orders/offer"),
    _one("offer", "orders/offer"),
    # Delivery
    Page("route sheet", "/admin/delivery/delivery/route-sheet/", shows="#content table"),
    _list("deliveries", "delivery/delivery"),
    _one("delivery", "delivery/delivery"),
    _list("agents", "delivery/agent"),
    _one("agent", "delivery/agent"),
    # Money
    _list("accounts", "billing/account"),
    Page(
        "account", "/admin/billing/account/{}/change/", "orders_customer WHERE phone = '+919876543210'",
        "#content table",
    ),
    _list("bills", "billing/bill"),
    _one("bill", "billing/bill"),
    Page("bill print", "/admin/billing/bill/{}/print/", "billing_bill", "table"),
    _list("payments", "billing/payment"),
    _one("payment", "billing/payment"),
    _add("payment", "billing/payment"),
    _list("adjustments", "billing/adjustment"),
    _one("adjustment", "billing/adjustment"),
    _add("adjustment", "billing/adjustment"),
    _list("refunds", "billing/refund"),
    _one("refund", "billing/refund"),
    _add("refund", "billing/refund"),
    _list("disputes", "billing/dispute"),
    _one("dispute", "billing/dispute"),
    _add("dispute", "billing/dispute"),
    Page("dispute settle", "/admin/billing/dispute/{}/settle/", "billing_dispute WHERE status = 'open'", "form"),
    # People's wishes
    _list("preferences", "notifications/notificationpreference"),
    _one("preference", "notifications/notificationpreference"),
    _add("preference", "notifications/notificationpreference"),
    _list("consent", "notifications/consentevent"),
    _one("consent event", "notifications/consentevent"),
    _list("erased", "notifications/erasureevent"),
    _one("erasure", "notifications/erasureevent"),
    # The machine
    Page("channel", "/admin/notifications/channel/", shows=".boxes"),
    Page("channel pause", "/admin/notifications/channel/stop", shows="#id_why"),
    _list("approved templates", "notifications/approvedtemplate"),
    _one("approved template", "notifications/approvedtemplate"),
    _list("daily jobs", "jobs/job"),
    _one("daily job", "jobs/job", key="code"),
    _list("daily job runs", "jobs/jobrun"),
    _one("daily job run", "jobs/jobrun"),
    _list("webhook events", "notifications/webhookevent"),
    _one("webhook event", "notifications/webhookevent"),
    _list("periodic tasks", "django_celery_beat/periodictask"),
    _one("periodic task", "django_celery_beat/periodictask"),
    _list("clocked", "django_celery_beat/clockedschedule", None),
    _list("crontabs", "django_celery_beat/crontabschedule"),
    _list("intervals", "django_celery_beat/intervalschedule"),
    _list("solar", "django_celery_beat/solarschedule", None),
    # People who work here
    _list("users", "auth/user"),
    _one("user", "auth/user", "username = 'chitra'"),
    _add("user", "auth/user"),
    Page("user password", "/admin/auth/user/{}/password/", "auth_user", "#id_password1"),
    _list("groups", "auth/group"),
    _one("group", "auth/group"),
    Page("group delete", "/admin/auth/group/{}/delete/", "auth_group", "#content form"),
    _list("audit trail", "admin/logentry"),
    _list("tokens", "knox/authtoken"),
    _list("locked sign-ins", "axes/accessattempt"),
    _list("failed sign-ins", "axes/accessfailurelog", None),
    _list("sign-ins", "axes/accesslog", None),
)  # fmt: skip

# Addresses that do something, or fill a part of a page, by their names. What they ask first is on the page before them.
ACTS = {
    "backoffice_act_body",
    "backoffice_act_confirm",
    "backoffice_act_stop",
    "billing_bill_their_page",
    "delivery_delivery_assign",
    "delivery_delivery_delay_route",
    "delivery_delivery_send_out",
    "jobs_job_tick",
    "notifications_approvedtemplate_sync",
    "notifications_customkind_reads",
    "notifications_attention_do",
    "notifications_attention_give_up",
    "notifications_attention_send_again",
    "notifications_channel_resume",  # a page where it is paused: the tests of the channel see it
    "notifications_message_cancel",
    "notifications_message_give_up",
    "notifications_message_send_again",
    "notifications_messagetemplate_preview",
    "notifications_messagetemplate_rehearse",
    "notifications_messagetemplate_test",
    "notifications_messagetemplate_tested",
    "orders_announcement_progress",
    "orders_announcement_stop",
    "orders_announcement_values",
    "orders_customer_their_page",
    "orders_order_their_page",
    "orders_subscription_their_page",
}

"""The page of one customer, or of a number that no customer has: what they were told, and all that happened."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from backoffice import masking
from backoffice.masking import number_in
from billing import account
from earlybird.desk import find, highlight, sources, story, tomorrow
from notifications import registry, timeline
from notifications.clock import now as clock_now
from notifications.models import ConsentEvent, Message, NotificationPreference
from orders import coming, days
from orders.calendar import covers
from orders.models import Customer, Subscription
from orders.pauses import written

MOST_TOLD = 5
MOST_LEDGER = 8
MOST_SUBSCRIPTIONS = 12


def customer(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm(find.VIEW_CUSTOMER):
        raise PermissionDenied
    row = get_object_or_404(Customer, pk=pk)
    return _page(request, row, row.phone if not row.erased_at else "")


def person(request: HttpRequest) -> HttpResponse:
    """`?phone=` in any form, or `?message=` for who may not see numbers: what there is of a number without customer."""
    if not request.user.has_perm(find.VIEW_MESSAGE):
        raise PermissionDenied
    phone = number_in(request.GET.get("phone", "")) or _phone_of(request.GET.get("message", ""))
    if not phone:
        return HttpResponseRedirect(reverse("desk_find"))
    known = Customer.objects.filter(phone=phone).first()
    if known and request.user.has_perm(find.VIEW_CUSTOMER):
        return HttpResponseRedirect(find.customer_page(known.pk))
    return _page(request, None, phone)


def _phone_of(message: str) -> str:
    if not message.isdecimal() or len(message) > 18:
        return ""
    found = Message.objects.filter(pk=int(message)).values_list("phone", flat=True).first()
    return number_in(found or "")


def _page(request: HttpRequest, row: Customer | None, phone: str) -> HttpResponse:
    wanted, given = request.GET.get("show", ""), request.GET.get("before", "")
    before = story.Place.read(given)
    if given and before is None:
        raise Http404("There is no such place in this timeline.")
    whose = story.Whose(row.pk if row else None, phone)
    context = admin.site.each_context(request) | {
        "title": row.name
        if row and not row.erased_at
        else "Erased customer"
        if row
        else masking.shown(phone),
        "customer": row,
        "phone": phone,
        "sees_number": masking.sees_numbers(),
        "story": story.page(_sources(request, wanted), whose, before),
        "sorts": _sorts(request),
        "wanted": wanted,
        "is_first": before is None,
        "address": request.path,
        "asked_by": "" if row else _asked_by(request),
        "now": clock_now(),
    }
    if before is None:
        context |= _top(request, row, phone)
    return TemplateResponse(request, "desk/customer.html", context)


def _asked_by(request: HttpRequest) -> str:
    """What names a number without customer, for the links of its own page."""
    given = {name: request.GET[name] for name in ("phone", "message") if name in request.GET}
    return urlencode(given)


def _top(request: HttpRequest, row: Customer | None, phone: str) -> dict[str, Any]:
    """What stands above the timeline, on its first page only."""
    may = request.user.has_perm
    sees_messages = may(find.VIEW_MESSAGE) and bool(phone)
    sees_wishes = may("notifications.view_notificationpreference") and bool(phone)
    lives = row is not None and not row.erased_at
    plans = lives and sees_messages and may("orders.view_order")
    return {
        "highlight": highlight.of(request, row, phone),
        "told": _told(phone) if sees_messages else None,
        "wishes": _wishes(request, phone) if sees_wishes else None,
        "subscriptions": _subscriptions(row) if row and lives and may("orders.view_subscription") else None,
        "balance": _balance(row) if row and may("billing.view_account") else None,
        "tomorrow": tomorrow.foresee(row) if row and plans else None,
        "marks": _marks(phone) if phone else [],
        "erasure": find.was_erased(phone) if phone and row is None else None,
        "may_change": bool(row) and may("orders.change_customer"),
        "may_order": bool(row) and may("orders.add_order"),
        "may_pay": bool(row) and may("billing.add_payment"),
    }


def _sources(request: HttpRequest, wanted: str) -> list[story.Source | None]:
    """Those this user may see, at their places: a place in the timeline means the same whatever is shown."""
    may = request.user.has_perm
    return [
        source if may(source.permission) and wanted in ("", source.sort) else None
        for source in sources.SOURCES
    ]


def _sorts(request: HttpRequest) -> list[tuple[str, str]]:
    sees = {source.sort for source in sources.SOURCES if request.user.has_perm(source.permission)}
    return [(sort, label) for sort, label in story.SORTS if not sort or sort in sees]


def _told(phone: str) -> list[story.Entry]:
    rows = Message.objects.filter(phone=phone).order_by("-created_at", "-id")[:MOST_TOLD]
    return [sources.told(row) for row in rows]


# --- who --------------------------------------------------------------------------------------------------


def _marks(phone: str) -> list[str]:
    """What stands between this number and our messages, in plain words."""
    said = NotificationPreference.objects.filter(phone=phone).first()
    if said is None:
        return []
    found = []
    if not said.enabled:
        found.append("Switched all messages off. Nothing is sent to this number.")
    if said.unreachable_at:
        when = timeline.when(said.unreachable_at)
        found.append(f"WhatsApp said {when} that this number cannot be reached. Check it with the customer.")
    return found


@dataclass(frozen=True)
class Running:
    """A subscription and how it stands today."""

    row: Subscription
    sentence: str
    tone: str


def _subscriptions(row: Customer) -> list[Running]:
    rows = row.subscriptions.exclude(status=Subscription.Status.CANCELLED).select_related("product")
    found = list(rows.prefetch_related("pauses").order_by("-pk")[:MOST_SUBSCRIPTIONS])
    coming_days = coming.next_deliveries(found)
    return [_running(one, coming_days.get(one.pk)) for one in found]


def _running(row: Subscription, day: Any) -> Running:
    today = days.today()
    pause = next((one for one in row.pauses.all() if covers(one, today)), None)
    coming_next = f" Next: {written(day)}." if day else ""
    if row.end and row.end < today:
        return Running(row, f"Over since {written(row.end)}.", "quiet")
    if pause:
        until = f"until {written(pause.resume_date)}" if pause.resume_date else "until they resume"
        return Running(row, f"Paused {until}.{coming_next}", "warn")
    return Running(row, f"{row.get_pattern_display().capitalize()}.{coming_next}", "good" if day else "quiet")


@dataclass(frozen=True)
class Balance:
    amount: Decimal
    address: str

    @property
    def owed(self) -> Decimal:
        return abs(self.amount)


def _balance(row: Customer) -> Balance:
    return Balance(account.balance(row.pk), reverse("admin:billing_account_change", args=(row.pk,)))


# --- what they want ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wishes:
    """`switches`: label and whether it is on. `row` is None where the number said nothing: all stands as given."""

    row: NotificationPreference | None
    switches: list[tuple[str, bool]]
    ledger: list[ConsentEvent]
    address: str
    may_change: bool
    language: str


_SWITCHES = {
    "order": "Orders",
    "subscription": "Subscriptions",
    "delivery": "Deliveries",
    "payment": "Bills and payments",
    "promotional": "News and offers",
}


def _wishes(request: HttpRequest, phone: str) -> Wishes:
    row = NotificationPreference.objects.filter(phone=phone).first()
    said = row or NotificationPreference(phone=phone)
    switches = [(label, _wants(said, name)) for name, label in _SWITCHES.items()]
    sees = request.user.has_perm("notifications.view_consentevent")
    page = "change" if row else "add"
    address = reverse(f"admin:notifications_notificationpreference_{page}", args=(row.pk,) if row else ())
    return Wishes(
        row=row,
        switches=switches,
        ledger=list(ConsentEvent.objects.filter(phone=phone)[:MOST_LEDGER]) if sees else [],
        address=address
        if row or not masking.sees_numbers()
        else f"{address}?phone={phone.replace('+', '%2B')}",
        may_change=request.user.has_perm(f"notifications.{page}_notificationpreference"),
        language=dict(registry.LANGUAGES).get(said.language, ""),
    )


def _wants(said: NotificationPreference, name: str) -> bool:
    """Whether messages of this sort may be sent; offers only to who asked for them."""
    is_asked_for = name != "promotional" or said.marketing_opt_in_at is not None
    return bool(said.enabled and getattr(said, name) and is_asked_for)

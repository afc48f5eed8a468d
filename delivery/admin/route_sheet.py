"""A day's route sheet: to look at, to print, to download; and what is done to a whole route."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats
from django.views.decorators.http import require_POST

from backoffice import audit
from backoffice.masking import sees_numbers
from backoffice.pages import Admin
from delivery import actions, areas
from delivery.actions.routes import NOBODY
from delivery.models import Agent, Delivery
from delivery.sheet import Sheet, sheet_of, write_csv
from notifications import clock
from orders import days

NO_AREA = "-"
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # other years are slips of the finger
NOON = time(12)


def usual_day() -> date:
    """Today, while it is being delivered; from noon on, the sheet that is asked for is tomorrow's."""
    is_over = days.moment(days.today(), NOON) <= clock.now()
    return days.today() + timedelta(days=1) if is_over else days.today()


class RouteForm(forms.Form):
    """Which stops: what the page is asked for, and what its buttons are about."""

    date = forms.DateField(validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)])
    area = forms.CharField(required=False, max_length=100)
    agent = forms.IntegerField(required=False, min_value=0, max_value=10**18)

    def route(self) -> actions.Route:
        """Raises ValueError where the form is not valid."""
        if not self.is_valid():
            raise ValueError(self.errors.as_text())
        area = self.cleaned_data["area"] or None
        return actions.Route(
            self.cleaned_data["date"], "" if area == NO_AREA else area, self.cleaned_data["agent"]
        )


class RouteSheet(Admin):
    """`route-sheet/` among the pages of deliveries."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("route-sheet/", wrap(self.route_sheet), name="delivery_delivery_route_sheet"),
            path(
                "route-sheet/assign/", wrap(require_POST(self.assign_route)), name="delivery_delivery_assign"
            ),
            path(
                "route-sheet/send-out/",
                wrap(require_POST(self.send_out_route)),
                name="delivery_delivery_send_out",
            ),
            path("route-sheet/delay/", wrap(self.delay_route), name="delivery_delivery_delay_route"),
            *super().get_urls(),
        ]

    def route_sheet(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        asked.setdefault("date", usual_day().isoformat())
        form = RouteForm(asked)
        route = form.route() if form.is_valid() else actions.Route(usual_day())
        rows = route.deliveries()
        many = areas.counted(rows) if route.area is None and rows.count() > areas.MOST else []
        if request.GET.get("format") == "csv" and form.is_valid():
            return _csv(_sheets(route, many), route.day)
        stops = _counted(rows, many) if many else _shown(sheet_of(rows))
        return self._page(request, form, route, stops)

    def _page(
        self, request: HttpRequest, form: RouteForm, route: actions.Route, stops: dict[str, Any]
    ) -> HttpResponse:
        before, after = (replace(route, day=route.day + timedelta(days=step)) for step in (-1, 1))
        context = self.admin_site.each_context(request) | {
            "title": "Route sheet",
            "opts": self.opts,
            "form": form,
            "route": route,
            "today": days.today(),
            "before": before.day,
            "after": after.day,
            "earlier": _query(before),
            "later": _query(after),
            "areas": _areas(route.day),
            "agents": list(Agent.objects.all()),
            "no_area": NO_AREA,
            "nobody": NOBODY,
            "query": _query(route),
            "may_change": self.has_change_permission(request),
            "sees_numbers": sees_numbers(request.user),
            **stops,
        }
        return TemplateResponse(request, "admin/delivery/delivery/route_sheet.html", context)

    def assign_route(self, request: HttpRequest) -> HttpResponse:
        """Give one agent what nobody has yet in an area."""
        if (form := self._asked(request, request.POST)) is None:
            return HttpResponseRedirect(_address())
        agent = Agent.objects.filter(pk=form.cleaned_data["agent"] or NOBODY).first()
        if agent is None:
            self.message_user(request, "Choose an agent.", messages.ERROR)
        else:
            route = form.route()
            with transaction.atomic():
                ids = actions.assign_unassigned(route.day, route.area or "", agent)
                audit.note_many(request.user, Delivery, f"Given to {agent}.", ids)
            self.say_count(request, len(ids), f"given to {agent}")
        return self._back(request, form)

    def send_out_route(self, request: HttpRequest) -> HttpResponse:
        if (form := self._asked(request, request.POST)) is None:
            return HttpResponseRedirect(_address())
        self.sent_out(request, form.route().ahead())
        return self._back(request, form)

    def delay_route(self, request: HttpRequest) -> HttpResponse:
        if (form := self._asked(request, request.GET)) is None:
            return HttpResponseRedirect(_address())
        route = form.route()
        answer = self.delay_page(request, route.ahead(), [], of=_words(route))
        return answer or HttpResponseRedirect(f"{_address()}?{_query(route)}")

    def _asked(self, request: HttpRequest, given: QueryDict) -> RouteForm | None:
        """Which stops a button is about. None where that cannot be read, which is said: nothing was done."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = RouteForm(given)
        if form.is_valid():
            return form
        wrong = " ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        self.message_user(request, f"Nothing was done. {wrong} Choose the stops again.", messages.ERROR)
        return None

    def _back(self, request: HttpRequest, form: RouteForm) -> HttpResponse:
        """To the sheet as it was: `back` is its query, and nothing but a query."""
        query = QueryDict(request.POST.get("back", "")).urlencode()
        return HttpResponseRedirect(f"{_address()}?{query or _query(form.route())}")


def _shown(sheet: Sheet) -> dict[str, Any]:
    return {"sheet": sheet, "load": sheet.load, "count": len(sheet.stops)}


def _counted(rows: QuerySet[Delivery], many: list[areas.Counted]) -> dict[str, Any]:
    """The same where there are too many to show."""
    return {"many": many, "load": areas.load(rows), "count": sum(area.stops for area in many)}


def _sheets(route: actions.Route, many: list[areas.Counted]) -> Iterator[Sheet]:
    """All of a route, one area at a time where there are many stops."""
    for each in [replace(route, area=area.name) for area in many] or [route]:
        yield sheet_of(each.deliveries())


def _csv(sheets: Iterable[Sheet], day: date) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="route-sheet-{day}.csv"'
    response.write("\ufeff")  # without it Excel does not read Indian scripts
    write_csv(sheets, response)
    return response


def _areas(day: date) -> list[str]:
    return list(Delivery.objects.filter(date=day).order_by("area").values_list("area", flat=True).distinct())


def _address() -> str:
    return reverse("admin:delivery_delivery_route_sheet")


def _query(route: actions.Route) -> str:
    query = QueryDict(mutable=True)
    query["date"] = route.day.isoformat()
    if route.area is not None:
        query["area"] = route.area or NO_AREA
    if route.agent is not None:
        query["agent"] = str(route.agent)
    return query.urlencode()


def _words(route: actions.Route) -> str:
    area = "all areas" if route.area is None else route.area or "no area"
    agent = Agent.objects.filter(pk=route.agent).first() if route.agent else None
    by = f", {agent}" if agent else ", nobody's" if route.agent == NOBODY else ""
    return f"{formats.date_format(route.day, 'j F Y')}, {area}{by}"

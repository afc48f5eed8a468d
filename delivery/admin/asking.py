"""Pages that ask before something is done to the chosen deliveries: how late they are, why they were not delivered."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import ngettext

from backoffice import audit, marks
from backoffice.pages import Admin, each
from delivery import actions
from delivery.models import Delivery

USUAL_MINUTES = 30
MOST_MINUTES = 24 * 60
MOST_SHOWN = 10
DELAYED_SINCE = (
    "Some of these were delayed since you looked, so nothing was done yet. This is what it would do now."
)


class DelayForm(forms.Form):
    minutes = forms.IntegerField(
        label="By so many minutes",
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        help_text="After each is expected; from now, where that is over.",
    )
    until = forms.DateTimeField(
        label="or to a time",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors and (given.get("minutes") is None) == (given.get("until") is None):
            raise ValidationError("Give minutes or a time: one of both.")
        return given

    def how(self) -> actions.Delay:
        return actions.Delay(self.cleaned_data["minutes"], self.cleaned_data["until"])


class NotDeliveredForm(forms.Form):
    reason = forms.ChoiceField(choices=Delivery.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(max_length=200, required=False, help_text="What happened at the door.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("reason") == Delivery.Reason.OTHER and not given.get("note"):
            self.add_error("note", "Say in a few words what happened.")
        return given


def _seen(latest: datetime | None) -> str:
    """The latest ETA that a page knew of. As text these follow one another as the moments do; none comes first."""
    return latest.astimezone(UTC).isoformat(timespec="microseconds") if latest else "+"


def chosen(request: HttpRequest) -> list[tuple[str, str]]:
    """What the list posted, to be posted again by a page in between."""
    names = ("action", "select_across", helpers.ACTION_CHECKBOX_NAME)
    return [(name, value) for name in names for value in request.POST.getlist(name)]


class DelayPage(Admin):
    """Asks how late, and shows how many customers that tells."""

    @admin.action(description="Delay…", permissions=("change",))
    def delay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        return self.delay_page(request, queryset, chosen(request))

    def delay_page(
        self, request: HttpRequest, rows: QuerySet[Delivery], kept: list[tuple[str, str]], of: str = ""
    ) -> HttpResponse | None:
        """None when it is done. `of` says in words which deliveries those are."""
        asked = request.POST if "asked" in request.POST else None
        form = DelayForm(asked, initial={"minutes": USUAL_MINUTES})
        kept = [*kept, ("seen", _seen(rows.aggregate(latest=Max("eta"))["latest"]))]
        if form.is_bound and not form.is_valid():
            return self._delay_asked(request, form, kept, of, None)
        how = form.how() if form.is_bound else actions.Delay(USUAL_MINUTES)
        if not form.is_bound or "apply" not in request.POST:
            return self._delay_asked(request, form, kept, of, actions.foresee(rows, how))
        with transaction.atomic():
            if self._was_delayed_since(request, rows):
                self.message_user(request, DELAYED_SINCE, messages.WARNING)
                return self._delay_asked(request, form, kept, of, actions.foresee(rows, how))
            outcome = actions.delay_many(rows, how)
            audit.note_many(request.user, Delivery, f"Delayed {how}.", [row.pk for row in outcome.done])
        told = ngettext("customer is told", "customers are told", outcome.customers)
        self.say(request, outcome, f"delayed; {marks.grouped(outcome.customers)} {told}")
        return None

    def _was_delayed_since(self, request: HttpRequest, rows: QuerySet[Delivery]) -> bool:
        """Pressed twice, minutes would be added twice, and the customers told twice."""
        known = request.POST.get("seen", "")
        return bool(known) and _seen(actions.latest_eta(rows)) > known

    def _delay_asked(self, request, form, kept, of, foreseen) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": "Delay deliveries",
            "opts": self.opts,
            "form": form,
            "kept": kept,
            "of": of,
            "foreseen": foreseen,
            "shown": foreseen.refused[:MOST_SHOWN] if foreseen else (),
            "more": max(len(foreseen.refused) - MOST_SHOWN, 0) if foreseen else 0,
        }
        return TemplateResponse(request, "admin/delivery/delivery/delay.html", context)


class NotDeliveredPage(Admin):
    """Asks why."""

    @admin.action(description="Mark as not delivered…", permissions=("change",))
    def mark_not_delivered(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        form = NotDeliveredForm(request.POST if "asked" in request.POST else None)
        if form.is_bound and form.is_valid():
            why = form.cleaned_data
            each(
                self,
                request,
                queryset,
                lambda row: actions.mark_not_delivered(row, **why),
                "marked as not delivered",
            )
            return None
        context = self.admin_site.each_context(request) | {
            "title": "Mark as not delivered",
            "opts": self.opts,
            "form": form,
            "kept": chosen(request),
            "count": queryset.count(),
        }
        return TemplateResponse(request, "admin/delivery/delivery/not_delivered.html", context)

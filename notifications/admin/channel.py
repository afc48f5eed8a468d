"""The sending number: whether it sends, how it came to that, and the switch that pauses and resumes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from backoffice import audit
from backoffice.lists import Log
from backoffice.masking import shown_in
from notifications import backlog, staff, tier, timeline
from notifications.clock import now as clock_now
from notifications.models import Channel, ChannelEvent, Reach

CHANGE = "notifications.change_channel"
MOST_SHOWN = 50  # lines of the history


class WhyForm(forms.Form):
    why = forms.CharField(
        max_length=200,
        label="Why?",
        help_text="For those who find it paused, and for the history.",
        error_messages={"required": "Nothing was paused: say why, for those who find it paused."},
        widget=forms.TextInput(attrs={"autofocus": True, "placeholder": "The wrong text went out."}),
    )


@admin.register(Channel)
class ChannelAdmin(Log):
    """One page: how our number stands and how it came to that. Pausing and resuming go through `staff`."""

    def get_urls(self) -> list[URLPattern]:
        views = (("stop", self.stop_view), ("resume", self.resume_view))
        own = [
            path(name, self.admin_site.admin_view(view), name=f"notifications_channel_{name}")
            for name, view in views
        ]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        channel = ours()
        context = {
            "title": "Channel",
            "people": _people(channel),
            "history": ChannelEvent.objects.filter(number=channel.number)[:MOST_SHOWN],
            "backlog": backlog.backlog(clock_now()),
        }
        return self._page(request, "channel", channel, context | (extra_context or {}))

    def stop_view(self, request: HttpRequest) -> HttpResponse:
        """Asks why; then nothing is sent until somebody resumes."""
        channel, form = self._asked(request), WhyForm(request.POST or None)
        if channel.state == Channel.State.STOPPED:
            why = shown_in(channel.reason)
            messages.info(request, f"It is paused already, by {channel.changed_by}: {why}")
            return _back(request)
        if request.method == "POST" and form.is_valid():
            why = form.cleaned_data["why"]
            with transaction.atomic():
                staff.stop_channel(request.user.get_username(), why)
                audit.note(request.user, channel, f"Paused all messages: {why}")
            messages.success(request, "Paused. Messages are kept and wait.")
            return _back(request)
        context = {"title": "Pause all messages", "form": form, "backlog": backlog.backlog(clock_now())}
        return self._page(request, "stop", channel, context)

    def resume_view(self, request: HttpRequest) -> HttpResponse:
        """Shows what will go, and asks."""
        channel = self._asked(request)
        if channel.state == Channel.State.OPEN:
            messages.info(request, "It is open already: messages are sent.")
            return _back(request)
        if request.method == "POST":
            if resumed(request, "Resumed all messages"):
                messages.success(request, "Sending again.")
            return _back(request)
        found = backlog.backlog(clock_now())
        context = {
            "title": "Resume all messages",
            "backlog": found,
            "lasts": backlog.in_words(found.seconds),
            "seen": seen(channel),
            "pace": settings.MYOPERATOR_RATE_LIMIT,
        }
        return self._page(request, "resume", channel, context)

    def _asked(self, request: HttpRequest) -> Channel:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return ours()

    def _page(self, request: HttpRequest, name: str, channel: Channel, more: dict[str, Any]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "channel": channel,
            "sentence": sentence(channel),
            "may_change": request.user.has_perm(CHANGE),
            "from_front": _from_front(request),
        }
        return TemplateResponse(request, f"admin/notifications/channel/{name}.html", context | more)


def ours() -> Channel:
    """The row of our number; one that was never sent from is open, and can be paused too."""
    found = Channel.objects.filter(number=settings.MYOPERATOR_PHONE_NUMBER).first()
    if found is None:
        with transaction.atomic():
            found = Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
    return found


def seen(channel: Channel) -> str:
    """Which pause a page shows, to know later whether it is still that one: its moment, or `-` for none."""
    return channel.since.isoformat() if channel.state == Channel.State.STOPPED else "-"


def resumed(request: HttpRequest, words: str) -> bool:
    """Resume, unless somebody paused after the page that is posted was shown: that pause has a reason of its own."""
    with transaction.atomic():
        channel = Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
        is_paused, known = channel.state == Channel.State.STOPPED, request.POST.get("seen", "")
        if is_paused and known and known != seen(channel):
            why = shown_in(
                f"{channel.changed_by} paused all messages while you were looking: {channel.reason}"
            )
            messages.warning(request, f"Nothing was resumed. {why}")
            return False
        staff.resume_channel(request.user.get_username())
        audit.note(request.user, channel, words)
    return True


def sentence(channel: Channel) -> str:
    """How it stands, since when, by whom and why."""
    since = timeline.when(channel.since)
    by = f" by {channel.changed_by}" if channel.changed_by else ""
    return {
        Channel.State.OPEN: "Messages are being sent.",
        Channel.State.OUTAGE: f"MyOperator cannot be reached since {since}. Messages are kept; we try again every "
        "15 seconds, and go on by ourselves.",
        Channel.State.DOWN: f"MyOperator refuses our account since {since}. Messages are kept; we ask again every "
        "15 seconds, and go on by ourselves when it is put right there.",
        Channel.State.STOPPED: f"Paused {since}{by}. Messages are kept, and wait until somebody resumes.",
    }[Channel.State(channel.state)]


def _from_front(request: HttpRequest) -> bool:
    return "front" in (request.POST.get("back"), request.GET.get("back"))


def _back(request: HttpRequest) -> HttpResponse:
    page = "admin:index" if _from_front(request) else "admin:notifications_channel_changelist"
    return HttpResponseRedirect(reverse(page))


def _people(channel: Channel) -> str:
    reach = Reach.objects.filter(number=channel.number).first()
    if reach is None:
        return "Not counted yet."
    return f"{_of_tier(reach.people)}, counted {timeline.when(reach.counted_at)}."


def _of_tier(people: int) -> str:
    most = tier.limit()
    if most is None:
        return f"{people:,} people in 24 h (no limit)"
    return f"{people:,} of {most:,} people in 24 h ({tier.percent(people, most)} %)"

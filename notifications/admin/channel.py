"""The sending number: whether it sends, and stopping it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.forms import ActionForm

from backoffice import audit
from backoffice.lists import Log
from notifications import staff, tier, timeline
from notifications.models import Channel, Reach


class WhyForm(ActionForm):
    """An action, and why."""

    why = forms.CharField(required=False, max_length=200, label="Why:")


@admin.register(Channel)
class ChannelAdmin(Log):
    """Read-only. Stop and resume go through `staff`."""

    list_display = ("our_number", "sentence", "people", "since", "changed_by")
    list_display_links = None
    action_form = WhyForm
    actions = ("stop", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(number=settings.MYOPERATOR_PHONE_NUMBER)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A number that was never sent from can be stopped too."""
        with transaction.atomic():
            Channel.locked(settings.MYOPERATOR_PHONE_NUMBER)
        return super().changelist_view(
            request, {"title": "Stop or resume all messages", **(extra_context or {})}
        )

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_channel")

    @admin.action(description="Stop: nothing is sent until somebody resumes", permissions=("act",))
    def stop(self, request: HttpRequest, queryset: QuerySet) -> None:
        why = request.POST.get("why", "").strip()
        if not why:
            self.message_user(
                request, "Nothing was stopped: say why, for those who find it stopped.", messages.ERROR
            )
            return
        with transaction.atomic():
            staff.stop_channel(request.user.get_username(), why)
            self._note(request, f"Stopped: {why}")
        self.message_user(request, "Stopped. Messages are kept and wait.", messages.SUCCESS)

    @admin.action(description="Resume", permissions=("act",))
    def resume(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            staff.resume_channel(request.user.get_username())
            self._note(request, "Resumed.")
        self.message_user(request, "Sending again.", messages.SUCCESS)

    def _note(self, request: HttpRequest, words: str) -> None:
        audit.note(request.user, Channel.locked(settings.MYOPERATOR_PHONE_NUMBER), words)

    @admin.display(description="Our number")
    def our_number(self, channel: Channel) -> str:
        return channel.number or "(no MYOPERATOR_PHONE_NUMBER is set)"

    @admin.display(description="State")
    def sentence(self, channel: Channel) -> str:
        if channel.state == Channel.State.OPEN:
            return "Open: messages are sent."
        return f"Closed {timeline.when(channel.since)}: {channel.get_state_display()}. {channel.reason}"

    @admin.display(description="People we wrote to first")
    def people(self, channel: Channel) -> str:
        reach = Reach.objects.filter(number=channel.number).first()
        if reach is None:
            return "Not counted yet."
        return f"{_of_tier(reach.people)}, counted {timeline.when(reach.counted_at)}."


def _of_tier(people: int) -> str:
    most = tier.limit()
    if most is None:
        return f"{people:,} people in 24 h (no limit)"
    return f"{people:,} of {most:,} people in 24 h ({tier.percent(people, most)} %)"

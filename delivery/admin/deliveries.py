"""The deliveries of a day. They are made and cancelled with their orders."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import ngettext

from backoffice import audit, marks
from backoffice.filters import days_of
from backoffice.lists import Choices
from backoffice.pages import Kept
from delivery import actions
from delivery.actions import Outcome
from delivery.admin.asking import DelayPage, NotDeliveredPage
from delivery.admin.route_sheet import RouteSheet
from delivery.models import Delivery
from orders import days
from orders.desk import Told
from orders.models import Customer

MOST_NAMED = 20  # refusals that are shown one by one


class AreaFilter(Choices):
    """Where customers live: to ask the deliveries for their areas would read them all."""

    title = "area"
    parameter_name = "area"

    def lookups(self, request, model_admin):
        areas = Customer.objects.exclude(area="").order_by("area").values_list("area", flat=True).distinct()
        return [(area, area) for area in areas]


class DeliveryForm(forms.ModelForm):
    def clean(self):
        """A new ETA has to be one that can be, of a delivery that still comes: the customer is told it."""
        given = super().clean()
        if not self.errors and "eta" in self.changed_data and given["eta"] and (why := self._against(given)):
            raise ValidationError({"eta": why})
        return given

    def _against(self, given):
        if self.instance.status not in Delivery.AHEAD:
            return f"It is {self.instance.get_status_display().lower()}: nobody expects it any more."
        expected = Delivery(date=self.instance.date, slot_start=given["slot_start"])
        return actions.against(expected, given["eta"])


@admin.register(Delivery)
class DeliveryAdmin(Told, RouteSheet, DelayPage, NotDeliveredPage, Kept):
    watched = True
    form = DeliveryForm
    list_display = ("named", "customer", "date", "area", "agent", "expected", "standing", "reason", "came")
    list_filter = (days_of("date", "day"), "status", AreaFilter, "agent", "reason")
    list_select_related = ("order__customer", "agent")
    search_fields = ("order__number", "order__customer__name", "order__customer__phone", "area")
    search_help_text = "Order number, area, or the customer's name or number."
    labels = {"slot_start": "Not before", "slot_end": "Not after", "eta": "Expected at"}
    nothing = "Deliveries are made with their orders: there is one for each order that is confirmed."
    autocomplete_fields = ("agent",)
    readonly_fields = (
        "order", "customer", "date", "standing", "delivered_at", "not_delivered_at", "reason",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("order", "customer", "date", "standing")}),
        ("The way there", {"fields": ("area", "agent", "slot_start", "slot_end", "eta", "note")}),
        ("What became of it", {"fields": ("delivered_at", "not_delivered_at", "reason")}),
    )
    actions = ("mark_delivered", "mark_not_delivered", "delay", "send_out")

    def told_of(self, row):
        return f"order_{row.order_id}"

    def has_add_permission(self, request):
        return False

    @admin.display(description="order", ordering="order__number")
    def named(self, delivery):
        return format_html('<span class="day">{}</span>', delivery.order)

    @admin.display(description="status", ordering="status")
    def standing(self, delivery):
        return marks.status(delivery.status, delivery.get_status_display())

    @admin.display(description="expected at", ordering="eta")
    def expected(self, delivery):
        return marks.at(delivery.eta, delivery.date)

    @admin.display(description="delivered at", ordering="delivered_at")
    def came(self, delivery):
        return marks.at(delivery.delivered_at, delivery.date)

    @admin.display(ordering="order__customer__name")
    def customer(self, delivery):
        return delivery.order.customer

    def save_model(self, request, obj, form, change):
        """Only what was changed: a delivery marked delivered while this page was open stays delivered."""
        obj.save(update_fields=form.changed_data)

    @admin.action(description="Mark as delivered", permissions=("change",))
    def mark_delivered(self, request, queryset):
        """Not of a day to come: the list begins with those, and what is marked is told and billed at once."""
        due, early = queryset.filter(date__lte=days.today()), queryset.filter(date__gt=days.today()).count()
        if early:
            names = ngettext("delivery is", "deliveries are", early)
            kept = ngettext("it is", "they are", early)
            said = f"{marks.grouped(early)} {names} of a day to come, and left as {kept}."
            self.message_user(request, said, messages.ERROR)
        if due.exists() or not early:
            self.done(request, lambda: actions.mark_many(due), "marked as delivered")

    @admin.action(description="Out for delivery", permissions=("change",))
    def send_out(self, request, queryset):
        self.sent_out(request, queryset)

    def sent_out(self, request, rows) -> None:
        with transaction.atomic():
            ids = actions.send_out(rows)
            audit.note_many(request.user, Delivery, "Out for delivery.", ids)
        self.say_count(request, len(ids), "out for delivery now")

    def done(self, request, act: Callable[[], Outcome], done: str) -> None:
        """An act on many: who did it is kept with it, and what came of it is said."""
        with transaction.atomic():
            outcome = act()
            ids = [row.pk for row in outcome.done]
            audit.note_many(request.user, Delivery, audit.sentence(done), ids)
        self.say(request, outcome, done)

    def say(self, request, outcome: Outcome, done: str) -> None:
        """What was done to how many, and what was refused, one by one."""
        for refused in outcome.refused[:MOST_NAMED]:
            self.message_user(request, refused.why, messages.ERROR)
        if more := outcome.refused[MOST_NAMED:]:
            self.message_user(request, f"And {len(more)} more were left as they are.", messages.ERROR)
        if outcome.done or not outcome.refused:
            self.say_count(request, len(outcome.done), done)

    def say_count(self, request, count: int, done: str) -> None:
        names = ngettext(self.opts.verbose_name, self.opts.verbose_name_plural, count)
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{marks.grouped(count)} {names} {done}.", level)

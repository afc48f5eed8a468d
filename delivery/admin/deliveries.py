"""The deliveries of a day. They are made and cancelled with their orders."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from backoffice.pages import Kept
from delivery import actions
from delivery.actions import Outcome
from delivery.admin.asking import DelayPage, NotDeliveredPage
from delivery.admin.route_sheet import RouteSheet
from delivery.models import Delivery
from orders import days
from orders.desk import Told

MOST_NAMED = 20  # refusals that are shown one by one


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
    form = DeliveryForm
    list_display = ("order", "customer", "date", "area", "agent", "eta", "status", "reason", "delivered_at")
    list_filter = ("date", "status", "area", "agent", "reason")
    list_select_related = ("order__customer", "agent")
    search_fields = ("order__number", "order__customer__name", "order__customer__phone", "area")
    date_hierarchy = "date"
    autocomplete_fields = ("agent",)
    readonly_fields = (
        "order", "customer", "date", "status", "delivered_at", "not_delivered_at", "reason",
    )  # fmt: skip
    actions = ("mark_delivered", "mark_not_delivered", "delay", "send_out")

    def told_of(self, row):
        return f"order_{row.order_id}"

    def has_add_permission(self, request):
        return False

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
            said = f"{early:,} {names} of a day to come, and left as {ngettext('it is', 'they are', early)}."
            self.message_user(request, said, messages.ERROR)
        if due.exists() or not early:
            self.say(request, actions.mark_many(due), "marked as delivered")

    @admin.action(description="Out for delivery", permissions=("change",))
    def send_out(self, request, queryset):
        self.say_count(request, actions.send_out(queryset), "out for delivery now")

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
        self.message_user(request, f"{count:,} {names} {done}.", level)

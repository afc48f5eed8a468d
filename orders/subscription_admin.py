"""The desk for subscriptions: what is brought again and again, when not, and when next."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from backoffice import marks
from backoffice.pages import Inline, Kept, each
from orders import actions, coming, days, overrides, pauses
from orders.desk import OfAPerson, Once, Told, not_erased
from orders.models import Subscription, SubscriptionOverride, SubscriptionPause
from orders.models.subscription import WEEKDAYS

CANCELLED = "This subscription is cancelled. Start a new one."
LASTING = ("customer", "product", "start")


class SubscriptionForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Subscription._meta.get_field("weekdays").help_text,
    )

    def clean_customer(self):
        return not_erased(self)

    def clean_start(self):
        if why := days.refusal(self.cleaned_data["start"]):
            raise ValidationError(why)
        return self.cleaned_data["start"]

    def clean_end(self):
        end = self.cleaned_data["end"]
        if end and end < days.today() and "end" in self.changed_data:
            raise ValidationError("This day is over. Choose today or a later one.")
        return end

    def clean(self):
        found = super().clean()
        if self.instance.status == Subscription.Status.CANCELLED:
            raise ValidationError(CANCELLED)
        product, start = found.get("product"), found.get("start")
        if product and start and (why := product.refusal(start)):
            self.add_error("start", why)
        return found


class PauseForm(forms.ModelForm):
    def clean(self):
        found = super().clean()
        for name in ("from_date", "resume_date"):
            if (day := found.get(name)) and (why := days.refusal(day)):
                self.add_error(name, why)
        return found


class PauseFormSet(forms.BaseInlineFormSet):
    """New pauses become part of those there are, as `pauses` says."""

    def clean(self):
        super().clean()
        there = [pauses.span(row) for row in self.get_queryset()]
        new = [form for form in self.extra_forms if form.is_valid() and form.cleaned_data.get("from_date")]
        if new and self.instance.status == Subscription.Status.CANCELLED:
            raise ValidationError(CANCELLED)
        for form in new:
            there = self._joined(form, there)

    def _joined(self, form, there):
        try:
            asked = pauses.asked_for(
                self.instance, form.cleaned_data["from_date"], form.cleaned_data.get("resume_date")
            )
            whole, met = pauses.join(asked, there, days.today())
        except ValidationError as error:
            form.add_error(None, error)
            return there
        return [*(one for one in there if one not in met), whole]

    def save_new(self, form, commit=True):
        """What was ordered for those days is kept for `say`."""
        paused = actions.pause(self.instance, **{name: form.cleaned_data[name] for name in PAUSED})
        self.paused = [*getattr(self, "paused", []), paused]
        return paused.pause


FEW = 10
PAUSED = ("from_date", "resume_date", "reason")


class PauseInline(Inline):
    model = SubscriptionPause
    form = PauseForm
    formset = PauseFormSet
    verbose_name = "pause"
    extra = 0
    hide_title = True
    readonly_fields = ("created_at",)

    def has_change_permission(self, request, obj=None):
        return False  # the customer was told these days

    def has_delete_permission(self, request, obj=None):
        return False


class OverrideFormSet(forms.BaseInlineFormSet):
    """Days are changed until their cut-off, here as elsewhere."""

    def clean(self):
        super().clean()
        if self.instance.start is None:
            return  # named where it is missing
        for form in self.forms:
            if form.is_valid() and (form.has_changed() or form in self.deleted_forms):
                self._judge(form)

    def _judge(self, form):
        old = form.instance.pk and form.initial["date"]
        asked = (
            [] if form in self.deleted_forms else [(form.cleaned_data["date"], form.cleaned_data["quantity"])]
        )
        if old and old not in [day for day, _ in asked]:
            asked.append((old, None))
        for day, quantity in asked:
            if why := overrides.refusal(self.instance, day, quantity):
                raise ValidationError(f"{pauses.written(day)}: {why}")


class OverrideInline(Inline):
    model = SubscriptionOverride
    formset = OverrideFormSet
    verbose_name = "day that differs"
    verbose_name_plural = "Days that differ"
    extra = 0
    hide_title = True

    def get_queryset(self, request):
        """Present and coming ones."""
        return super().get_queryset(request).filter(date__gte=days.today())


class Foreseen(ChangeList):
    """Subscriptions with their next deliveries, which are looked up together."""

    def get_results(self, request):
        super().get_results(request)
        rows = list(self.result_list.prefetch_related("pauses"))
        found = coming.next_deliveries(rows)
        for row in rows:
            row.foreseen = found.get(row.pk)
        self.result_list = rows


@admin.register(Subscription)
class SubscriptionAdmin(Told, Once, OfAPerson, Kept):
    watched = True
    form = SubscriptionForm
    list_display = ("__str__", "pattern", "start", "end", "standing", "next_delivery")
    list_filter = ("status", "pattern", "product")
    search_help_text = "The customer's name or number, or the product."
    labels = {"pattern": "How often", "start": "First day", "end": "Last day"}
    nothing = (
        "A subscription brings the same thing again and again. They come by the API, or you add them here."
    )
    list_select_related = ("customer", "product")
    search_fields = ("customer__name", "customer__phone", "product__name")
    autocomplete_fields = ("customer", "product")
    fields = (*LASTING, "quantity", "pattern", "weekdays", "end", "standing", "next_delivery")
    readonly_fields = ("standing", "next_delivery")
    inlines = (PauseInline, OverrideInline)
    actions = ("resume", "end")

    def told_of(self, row):
        return f"subscription_{row.pk}"

    def get_changelist(self, request, **kwargs):
        return Foreseen

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]

    def get_readonly_fields(self, request, obj=None):
        """Messages and orders refer to what stays as it is. To change that, cancel it and start a new one."""
        return (*LASTING, *self.readonly_fields) if obj else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        """A cancelled one is only looked at. Who posts, had it before them when it was not: the form says so."""
        is_over = obj is not None and obj.status == Subscription.Status.CANCELLED
        return super().has_change_permission(request, obj) and not (is_over and request.method == "GET")

    def get_object(self, request, object_id, from_field=None):
        """Locked until it is saved: whoever pauses or cancels it meanwhile waits, and is not overwritten."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        return Subscription.objects.select_for_update().get(pk=row.pk)

    @admin.display(description="status", ordering="status")
    def standing(self, row):
        return marks.status(row.status, row.get_status_display())

    @admin.display(description="next delivery")
    def next_delivery(self, row):
        day = row.foreseen if hasattr(row, "foreseen") else coming.next_delivery(row)
        return date_format(day) if day else ""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for paused in (one for formset in formsets for one in getattr(formset, "paused", ())):
            self._say(request, paused)
        if "end" in form.changed_data:
            actions.change(form.instance, end=form.instance.end)
        form.instance.status = actions.follow_pauses(form.instance).status
        self._say_next(request, form.instance)

    def _say_next(self, request, row):
        """What was changed after a day's cut-off comes too late for it, and staff tell the customer."""
        day = coming.next_delivery(row)
        said = f"Next delivery: {pauses.written(day)}." if day else "Nothing is to be delivered."
        self.message_user(request, f"{row}: {said}", messages.INFO)

    def _say(self, request, paused):
        """What became of the orders there were for the paused days."""
        for orders, said, level in (
            (paused.cancelled, "Cancelled", messages.SUCCESS),
            (paused.changed, "Taken off, the rest is brought", messages.SUCCESS),
            (paused.kept, "Brought all the same, because the cut-off is over", messages.WARNING),
        ):
            named = ", ".join(f"order {order} for {pauses.written(order.delivery_date)}" for order in orders)
            if named:
                self.message_user(request, f"{said}: {named}.", level)

    @admin.action(description="Resume", permissions=("change",))
    def resume(self, request, queryset):
        each(self, request, queryset, actions.resume, "resumed")
        self._say_next_of(request, queryset)

    @admin.action(description="Cancel for good", permissions=("change",))
    def end(self, request, queryset):
        each(self, request, queryset, actions.end, "cancelled")
        self._say_next_of(request, queryset)

    def _say_next_of(self, request, queryset):
        """Of a few; of more, the list says it."""
        for row in queryset.all()[:FEW]:
            self._say_next(request, row)

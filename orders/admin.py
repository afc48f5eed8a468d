"""The shop's desk. What happens to an order or a subscription goes through `actions`, never past it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from orders import (
    actions,
    days,
    marketing_admin,  # noqa: F401
    pauses,
)
from orders.models import (
    Customer,
    Order,
    OrderItem,
    Product,
    Subscription,
    SubscriptionOverride,
    SubscriptionPause,
)
from orders.models.subscription import WEEKDAYS


def each(modeladmin, request, rows, act, done: str) -> None:
    """Do one action to every chosen row; what is refused is named, and the others are done all the same."""
    count = 0
    for row in rows:
        try:
            act(row)
            count += 1
        except ValidationError as error:
            modeladmin.message_user(request, f"{row}: {' '.join(error.messages)}", messages.ERROR)
    if count:
        names = ngettext(modeladmin.opts.verbose_name, modeladmin.opts.verbose_name_plural, count)
        modeladmin.message_user(request, f"{count} {names} {done}.", messages.SUCCESS)


class KeptAdmin(admin.ModelAdmin):
    """Rows that are cancelled, not deleted: messages, bills and deliveries refer to them."""

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    list_display = ("name", "phone", "language", "area")
    list_filter = ("language", "area")
    search_fields = ("name", "phone", "area")
    autocomplete_fields = ("user",)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "unit", "price", "available_from")
    list_filter = ("available_from",)
    search_fields = ("name",)


class SubscriptionForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Subscription._meta.get_field("weekdays").help_text,
    )


class PauseFormSet(forms.BaseInlineFormSet):
    """New pauses become part of those there are, as `pauses` says."""

    def clean(self):
        super().clean()
        there = [pauses.span(row) for row in self.get_queryset()]
        new = [form for form in self.extra_forms if form.is_valid() and form.cleaned_data.get("from_date")]
        if new and self.instance.status == Subscription.Status.CANCELLED:
            raise ValidationError("This subscription is cancelled. Start a new one.")
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


PAUSED = ("from_date", "resume_date", "reason")


class PauseInline(admin.TabularInline):
    model = SubscriptionPause
    formset = PauseFormSet
    extra = 0
    readonly_fields = ("created_at",)

    def has_change_permission(self, request, obj=None):
        return False  # the customer was told these days

    def has_delete_permission(self, request, obj=None):
        return False


class OverrideInline(admin.TabularInline):
    model = SubscriptionOverride
    extra = 0


@admin.register(Subscription)
class SubscriptionAdmin(KeptAdmin):
    form = SubscriptionForm
    list_display = ("__str__", "pattern", "start", "end", "status")
    list_filter = ("status", "pattern", "product")
    list_select_related = ("customer", "product")
    search_fields = ("customer__name", "customer__phone", "product__name")
    autocomplete_fields = ("customer", "product")
    readonly_fields = ("status",)
    inlines = (PauseInline, OverrideInline)
    actions = ("resume", "end")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for paused in (one for formset in formsets for one in getattr(formset, "paused", ())):
            self._say(request, paused)
        actions.follow_pauses(form.instance)

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

    @admin.action(description="Cancel for good", permissions=("change",))
    def end(self, request, queryset):
        each(self, request, queryset, actions.end, "cancelled")


class ItemFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        if not any(form.cleaned_data.get("product") for form in self.forms if form.is_valid()):
            raise ValidationError("Add at least one item: an order without items cannot be confirmed.")


class ItemInline(admin.TabularInline):
    model = OrderItem
    formset = ItemFormSet
    extra = 2
    autocomplete_fields = ("product",)
    readonly_fields = ("price",)

    def has_change_permission(self, request, obj=None):
        return False


class OrderForm(forms.ModelForm):
    def clean_delivery_date(self):
        if why := days.refusal(self.cleaned_data["delivery_date"]):
            raise ValidationError(why)
        return self.cleaned_data["delivery_date"]


@admin.register(Order)
class OrderAdmin(KeptAdmin):
    """An order is placed here, or cancelled. To change one, cancel it and place another."""

    form = OrderForm
    list_display = (
        "__str__", "customer", "delivery_date", "kind", "status", "discount", "total", "delivered_at",
    )  # fmt: skip
    list_filter = ("status", "kind", "delivery_date")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name", "customer__phone")
    date_hierarchy = "delivery_date"
    autocomplete_fields = ("customer",)
    readonly_fields = (
        "number", "status", "kind", "discount", "total", "delivered_at", "placed_by", "created_at",
    )  # fmt: skip
    inlines = (ItemInline,)
    actions = ("cancel",)

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def save_model(self, request, obj, form, change):
        obj.placed_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """In the transaction of the admin view: the order, its items, its confirmation and the message."""
        super().save_related(request, form, formsets, change)
        actions.confirm(form.instance)

    @admin.action(description="Cancel", permissions=("change",))
    def cancel(self, request, queryset):
        each(self, request, queryset, actions.cancel, "cancelled")

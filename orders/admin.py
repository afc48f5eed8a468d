"""The shop's desk. What happens to an order or a subscription goes through `actions`, never past it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from backoffice.pages import Admin, Inline, Kept, each
from orders import actions, days, marketing_admin, subscription_admin  # noqa: F401
from orders.desk import Told, not_erased
from orders.models import Customer, Order, OrderItem, Product


@admin.register(Customer)
class CustomerAdmin(Admin):
    list_display = ("name", "phone", "language", "area")
    list_filter = ("language", "area")
    search_fields = ("name", "phone", "area")
    autocomplete_fields = ("user",)


@admin.register(Product)
class ProductAdmin(Admin):
    list_display = ("name", "unit", "price", "available_from")
    list_filter = ("available_from",)
    search_fields = ("name",)


class ItemFormSet(forms.BaseInlineFormSet):
    def clean(self):
        super().clean()
        filled = [form for form in self.forms if form.is_valid() and form.cleaned_data.get("product")]
        if not filled:
            raise ValidationError("Add at least one item: an order without items cannot be confirmed.")
        seen = set()
        for form in filled:
            product = form.cleaned_data["product"]
            if why := self._against(product, seen):
                form.add_error("product", why)
            seen.add(product)

    def _against(self, product, seen):
        if product in seen:
            return "This product is in the order already. Give one line with the whole quantity."
        day = self.instance.delivery_date
        return product.refusal(day) if day else ""


class ItemInline(Inline):
    model = OrderItem
    formset = ItemFormSet
    extra = 2
    autocomplete_fields = ("product",)
    readonly_fields = ("price",)

    def has_add_permission(self, request, obj=None):
        return obj is None and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return False


class OrderForm(forms.ModelForm):
    clean_customer = not_erased

    def clean_delivery_date(self):
        if why := days.refusal(self.cleaned_data["delivery_date"]):
            raise ValidationError(why)
        return self.cleaned_data["delivery_date"]


@admin.register(Order)
class OrderAdmin(Told, Kept):
    """An order is placed here, or cancelled. To change one, cancel it and place another."""

    form = OrderForm
    list_display = (
        "named", "customer", "delivery_date", "kind", "status", "discount", "total", "delivered_at",
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

    def told_of(self, row):
        return f"order_{row.pk}"

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    @admin.display(description="number", ordering="number")
    def named(self, order):
        return format_html('<span style="white-space: nowrap">{}</span>', order)

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

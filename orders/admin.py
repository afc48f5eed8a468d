"""The shop's desk. What happens to an order or a subscription goes through `actions`, never past it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from backoffice import marks
from backoffice.filters import days_of
from backoffice.pages import Admin, Inline, Kept, Numbered, each
from orders import actions, days, marketing_admin, subscription_admin  # noqa: F401
from orders.desk import OfAPerson, Once, Told, not_erased
from orders.models import Customer, Order, OrderItem, Product
from orders.rupees import written


@admin.register(Customer)
class CustomerAdmin(OfAPerson, Numbered):
    watched = True
    list_display = ("name", "number", "language", "area")
    list_filter = ("language", "area")
    search_fields = ("name", "phone", "area")
    search_help_text = "Name, number or area."
    autocomplete_fields = ("user",)
    fields = ("name", "phone", "language", "area", "address", "user")
    labels = {"user": "Signs in as"}
    nothing = "Customers come by the API, or you add them here."

    def has_delete_permission(self, request, obj=None):
        """Not who ordered: the rows stay, and the person is erased."""
        holds = obj is not None and (obj.orders.exists() or obj.subscriptions.exists())
        return not holds and super().has_delete_permission(request, obj)

    def customer_of(self, row):
        return row


@admin.register(Product)
class ProductAdmin(Admin):
    watched = True
    list_display = ("name", "unit", "price_written", "available_from")
    search_fields = ("name",)
    search_help_text = "The product's name."
    nothing = "What the shop sells stands here: add the first product."

    def has_delete_permission(self, request, obj=None):
        """Not what was ordered: orders and bills name it."""
        holds = obj is not None and (
            obj.subscriptions.exists() or OrderItem.objects.filter(product=obj).exists()
        )
        return not holds and super().has_delete_permission(request, obj)

    @admin.display(description="price", ordering="price")
    def price_written(self, product):
        return marks.money(written(product.price))


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
    fields = ("product", "quantity", "price_written")
    readonly_fields = ("price_written",)
    verbose_name = "item"
    verbose_name_plural = "Items"
    hide_title = True

    @admin.display(description="price of one")
    def price_written(self, item):
        return marks.money(written(item.price)) if item.price else "as it is that day"

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
class OrderAdmin(Told, Once, OfAPerson, Kept):
    """An order is placed here, or cancelled. To change one, cancel it and place another."""

    form = OrderForm
    list_display = (
        "named", "customer", "delivery_date", "kind", "standing", "discount_written", "total_written", "came",
    )  # fmt: skip
    list_filter = (days_of("delivery_date", "delivery day"), "status", "kind")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name", "customer__phone")
    search_help_text = "Order number, or the customer's name or number."
    autocomplete_fields = ("customer",)
    readonly_fields = (
        "number", "standing", "kind", "discount_written", "total_written", "delivered_at", "placed_by", "created_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("number", "standing", "customer", "delivery_date")}),
        ("What it costs", {"fields": ("discount_written", "total_written")}),
        ("How it came and went", {"fields": ("kind", "created_at", "placed_by", "delivered_at")}),
    )
    nothing = (
        "Tomorrow's orders are made every night from the subscriptions; more are placed here or by the API."
    )
    inlines = (ItemInline,)
    actions = ("cancel",)

    def told_of(self, row):
        return f"order_{row.pk}"

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else ((None, {"fields": ("customer", "delivery_date")}),)

    @admin.display(description="status", ordering="status")
    def standing(self, order):
        return marks.status(order.status, order.get_status_display())

    @admin.display(description="total", ordering="total")
    def total_written(self, order):
        return marks.money(written(order.total))

    @admin.display(description="discount", ordering="discount")
    def discount_written(self, order):
        return marks.money(written(order.discount)) if order.discount else None

    @admin.display(description="delivered at", ordering="delivered_at")
    def came(self, order):
        return marks.at(order.delivered_at, order.delivery_date)

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

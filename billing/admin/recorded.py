"""What the desk does with rows of money: records them, and looks at them."""

from django.contrib import admin
from django.urls import reverse

from backoffice import marks
from backoffice.links import link
from backoffice.pages import Inline, Kept
from billing.rupees import written
from orders.desk import Once


class Recorded(Once, Kept):
    """Money that moved, or was put right: it is recorded and not edited."""

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request)

    def save_model(self, request, obj, form, change):
        if hasattr(obj, "by"):
            obj.by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="rupees", ordering="amount")
    def rupees(self, row):
        return marks.money(written(row.amount))


class Shown(Inline):
    """Rows shown on the page of another; they are recorded elsewhere."""

    extra = 0
    can_delete = False
    hide_title = True
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="rupees")
    def rupees(self, row):
        return marks.money(written(row.amount))


def account_link(customer) -> str:
    address = reverse("admin:billing_account_change", args=(customer.pk,))
    return link(address, f"Account of {customer}")

"""What the desks of the shop do alike."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from orders.actions import ERASED


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


def not_erased(form):
    """A form's `clean_customer`: nothing is brought to who was erased."""
    customer = form.cleaned_data["customer"]
    if customer.erased_at:
        raise ValidationError(ERASED)
    return customer

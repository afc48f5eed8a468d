"""What the desks of the shop do alike."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
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


class Chosen(AutocompleteSelect):
    """What is typed in place of an id, in a form or an address, is for the field to refuse: Django's breaks on it."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if not one or str(one).isdecimal()], attr)


class Choosing:
    """An admin, or an inline, with `autocomplete_fields`."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chosen(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KeptAdmin(Choosing, admin.ModelAdmin):
    """Rows that are cancelled, not deleted: messages, bills and deliveries refer to them."""

    def has_delete_permission(self, request, obj=None):
        return False


def not_erased(form):
    """A form's `clean_customer`: nothing is brought to who was erased."""
    customer = form.cleaned_data["customer"]
    if customer.erased_at:
        raise ValidationError(ERASED)
    return customer

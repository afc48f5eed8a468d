"""What the pages of all models share: `Admin` for what staff change, `Kept` for what is never deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline

from backoffice import audit
from backoffice.masking import number_in, sees_numbers, shown
from backoffice.watching import Watched


class Chosen(AutocompleteSelect):
    """What is typed in place of an id, in a form or an address, is for the field to refuse: Django's breaks on it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if not one or str(one).isdecimal()], attr)


class Choosing:
    """An admin, or an inline, with `autocomplete_fields`."""

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Chosen(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class Admin(Choosing, ModelAdmin):
    """A model that staff see."""

    labels: ClassVar[
        dict[str, str]
    ] = {}  # of fields in its forms, where the column's own name says too little
    nothing = ""  # what an empty list says will come here
    watched = False  # whether who saves is told what somebody else changed meanwhile
    change_form_before_template = "backoffice/hidden.html"
    show_full_result_count = False  # beside what a filter found: a second count of the whole table

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (Watched, form), {}) if self.watched and change else form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rows are chosen by who may see them: for anybody else the search of the field would be refused."""
        fixed = super().get_readonly_fields(request, obj)
        unseen = (name for name in self.get_autocomplete_fields(request) if not self._is_seen(request, name))
        return (*fixed, *(name for name in unseen if name not in fixed))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """None for an address that is nothing; of one with a NUL PostgreSQL would not even be asked."""
        return None if "\0" in object_id else super().get_object(request, object_id, from_field)

    def _is_seen(self, request: HttpRequest, name: str) -> bool:
        field: Any = self.model._meta.get_field(name)
        page = self.admin_site._registry.get(field.related_model)
        return page is None or not field.blank or page.has_view_permission(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.labels:
            kwargs.setdefault("label", self.labels[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The browser's tab says “Orders”, not “Select order to change”."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """An address that asks for what no column can hold (a NUL, a year of twenty digits) leads to the whole list."""
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError) as error:
            raise IncorrectLookupParameters from error

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Who may not see numbers finds one by the whole of it: by its parts they would learn it, digit by digit."""
        found = super().get_search_fields(request)
        if sees_numbers(request.user) or number_in(request.GET.get("q") or request.GET.get("term", "")):
            return found
        return [f"={name}" if name.split("__")[-1] == "phone" else name for name in found]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Who may not see numbers would learn one by asking for its digits, one after the other."""
        if "phone" in lookup.split("__") and not sees_numbers(request.user):
            return False
        return bool(super().lookup_allowed(lookup, value, request))


class Inline(Choosing, TabularInline):
    """Rows of another model, on the page of theirs."""


class Kept(Admin):
    """Rows that are cancelled, not deleted: messages, bills and deliveries refer to them."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class Numbered(Admin):
    """Rows with a `phone`, which lists and forms show as `number`.

    Who may not see numbers finds it masked, and leaves it as it is: the form has no field for it then.
    """

    @admin.display(description="Phone", ordering="phone")
    def number(self, row: Any) -> str:
        return shown(row.phone)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None or sees_numbers(request.user):
            return found
        return [(title, {**options, "fields": _hidden(options["fields"])}) for title, options in found]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None or sees_numbers(request.user) else (*fixed, "phone", "number")


def _hidden(fields: Iterable[Any]) -> list[Any]:
    return ["number" if name == "phone" else name for name in fields]


def each(
    modeladmin: ModelAdmin,
    request: HttpRequest,
    rows: Iterable[Model],
    act: Callable[[Any], object],
    done: str,
) -> None:
    """Do one action to every chosen row, and note it; what is refused is named, and the others are done all the same.

    `done`: what it then is, for the sentence "3 orders cancelled".
    """
    rows = list(rows)
    one_by_one = len(rows) <= audit.FEW
    acted: list[Any] = []
    for row in rows:
        try:
            with transaction.atomic():
                act(row)
                if one_by_one:
                    audit.note(request.user, row, audit.sentence(done))
            acted.append(row.pk)
        except ValidationError as error:
            modeladmin.message_user(request, f"{row}: {' '.join(error.messages)}", messages.ERROR)
    if not one_by_one:
        audit.note_many(request.user, modeladmin.model, audit.sentence(done), acted)
    if count := len(acted):
        names = ngettext(str(modeladmin.opts.verbose_name), str(modeladmin.opts.verbose_name_plural), count)
        modeladmin.message_user(request, f"{count} {names} {done}.", messages.SUCCESS)

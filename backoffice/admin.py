"""The pages that other packages bring, in the look of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import PeriodicTask
from unfold import forms as forms_of_unfold
from unfold.admin import ModelAdmin
from unfold.fields import UnfoldAdminReadonlyField
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice import trail  # noqa: F401
from backoffice.masking import looks, shown_in


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The tasks there are."""


class TaskForm(PeriodicTaskForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


class Fixed(UnfoldAdminReadonlyField):
    """A field that is only shown: with a link for who may open what it names, and with numbers as they may see them."""

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        linked = super().get_admin_url(remote_field, remote_obj)
        meta = remote_field.model._meta
        rights = (f"{meta.app_label}.{act}_{meta.model_name}" for act in ("view", "change"))
        user = looks()
        return linked if user is not None and any(map(user.has_perm, rights)) else str(remote_obj)

    def contents(self) -> str:
        return shown_in(super().contents())


# Unfold makes its own by this name, and leaves no other way in.
forms_of_unfold.UnfoldAdminReadonlyField = Fixed


# What a page needs beyond the look: forms whose fields were made without it.
_FORMS: dict[type, dict[str, type[forms.BaseForm]]] = {
    User: {
        "form": UserChangeForm,
        "add_form": UserCreationForm,
        "change_password_form": AdminPasswordChangeForm,
    },
    PeriodicTask: {"form": TaskForm},
}


def dress(site: admin.AdminSite) -> None:
    """Give every page that was registered without the look the look."""
    for model, page in list(site._registry.items()):
        if isinstance(page, ModelAdmin):
            continue
        plain = type(page)
        site.unregister(model)
        site.register(model, type(plain.__name__, (plain, ModelAdmin), dict(_FORMS.get(model, {}))))


dress(admin.site)

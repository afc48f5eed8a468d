"""The pages that other packages bring, in the look of ours."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import PeriodicTask
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The tasks there are."""


class TaskForm(PeriodicTaskForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


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

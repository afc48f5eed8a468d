"""The pages that other packages bring, in the look of ours."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group, User
from django.utils.safestring import mark_safe
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import PeriodicTask
from unfold import forms as forms_of_unfold
from unfold.admin import ModelAdmin
from unfold.fields import UnfoldAdminReadonlyField
from unfold.forms import (
    AdminPasswordChangeForm,
    UnfoldReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice import act_pages, trail
from backoffice.masking import looks, shown_in
from backoffice.pages import Admin

__all__ = ["act_pages", "dress", "trail"]

_WORDS = {
    "password": (
        "Password",
        mark_safe('Nobody can read it. <a href="../password/">Give them a new one</a>.'),
    ),
    "is_active": (
        "May sign in",
        "Off: they cannot sign in any more. Switch it off instead of deleting them.",
    ),
    "is_staff": ("May use this desk", "What they may do here, their groups say."),
    "is_superuser": ("May do everything", "For one or two people, who also manage the others."),
    "groups": ("Groups", "They may do whatever a group of theirs may."),
    "user_permissions": (
        "Rights of their own",
        "Beside those of their groups. A group is easier to keep track of.",
    ),
}


class Unread(UnfoldReadOnlyPasswordHashWidget):
    """Says whether there is a password, and nothing of its hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        is_set = bool(value) and is_password_usable(value)
        words = "There is one" if is_set else "There is none: they cannot sign in by password"
        return {**super().get_context(name, value, attrs), "summary": [{"label": words}]}


class StaffForm(UserChangeForm):
    """Django's, in words of the shop, and without the password's hash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = Unread()
        for name, (label, help_text) in _WORDS.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, help_text


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
_FORMS: dict[type, dict[str, Any]] = {
    User: {
        "form": StaffForm,
        "add_form": UserCreationForm,
        "change_password_form": AdminPasswordChangeForm,
    },
    Group: {"nothing": "A group holds what its members may do: make one for each kind of work."},
    AccessAttempt: {
        "nothing": "Who gives wrong passwords stands here, and is let in again by being deleted."
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
        site.register(model, type(plain.__name__, (plain, Admin), dict(_FORMS.get(model, {}))))


dress(admin.site)

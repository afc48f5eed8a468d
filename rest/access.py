"""Who may do what, and whose rows a person sees."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

_ACTS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def may(user: Any, act: str, model: type[Model]) -> bool:
    """Staff view every row; to `add`, `change` or `delete` rows of this model they need Django's permission."""
    meta = model._meta
    return bool(
        user.is_staff and (act == "view" or user.has_perm(f"{meta.app_label}.{act}_{meta.model_name}"))
    )


class Access(BasePermission):
    """For a `rest.rows.Rows` view. Staff see every row, and need Django's permission to change one.

    Anybody else signed in sees what they own or work, and gets 404 for the rest. An owner changes nothing; who
    works a row does to it what the view's `workers_may` names (a delivery agent marks a delivery), and to many of
    theirs at once.
    """

    message = "This takes staff with the permission to do it."

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not user.is_authenticated:
            return False  # nobody owns what has no owner: `user=None` would find those rows
        if may(user, act_of(request, view), view.model):
            return True
        if not view.detail and request.method not in SAFE_METHODS:
            return view.action in view.workers_may and view.has_work(user)
        if user.is_staff:
            return view.action in view.workers_may  # one's own work needs no permission
        # Whether a row can be seen is settled first: what is somebody else's is 404, not 403.
        return True

    def has_object_permission(self, request: Request, view: Any, obj: Model) -> bool:
        if request.method in SAFE_METHODS or may(request.user, act_of(request, view), view.model):
            return True
        return view.action in view.workers_may and view.works(obj)


def act_of(request: Request, view: Any) -> str:
    """Which of Django's four permissions this request needs: an action on rows that are there changes them."""
    act = "view" if request.method in SAFE_METHODS else _ACTS.get(str(request.method), "change")
    makes = not view.detail and getattr(view, "action", None) not in view.workers_may
    return "change" if act == "add" and not makes else act

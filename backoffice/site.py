"""The admin site of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class Desk(UnfoldAdminSite):
    """Unfold's, which reads the permissions of every model for every page; the menu of ours asks for its own."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a template wants it, which few do."""
        return SimpleLazyObject(lambda: super(Desk, self).get_app_list(request, app_label))

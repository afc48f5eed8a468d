"""The admin site of the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

SIGNED_OUT = "You had been signed out, so nothing was done. Look again, and do it once more."


class Desk(UnfoldAdminSite):
    """Unfold's, which reads the permissions of every model for every page; the menu of ours asks for its own."""

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Whoever presses a button after their session ended signs in and is led back to the page that has it.

        Django leads to the button's own address, and many of those only take what is posted.
        """
        whole = super().admin_view(view, cacheable)

        @wraps(whole)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_leaving = request.path == reverse("admin:logout", current_app=self.name)
            if request.method != "POST" or is_leaving or self.has_permission(request):
                return whole(request, *args, **kwargs)
            if (
                request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
            ):  # not what a script asks again
                messages.warning(request, SIGNED_OUT)
            return redirect_to_login(_came_from(request), reverse("admin:login", current_app=self.name))

        return asked

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """A NUL finds nothing: PostgreSQL would not even be asked."""
        if "\0" in request.GET.get("term", ""):
            return JsonResponse({"results": [], "pagination": {"more": False}})
        return super().autocomplete_view(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a template wants it, which few do."""
        return SimpleLazyObject(lambda: super(Desk, self).get_app_list(request, app_label))


def _came_from(request: HttpRequest) -> str:
    """The page of the desk with the form that was posted; the first page where the browser does not say."""
    page, front = urlsplit(request.headers.get("Referer", "")), reverse("admin:index")
    is_ours = page.netloc == request.get_host() and page.path.startswith(front)
    return f"{page.path}?{page.query}" if is_ours and page.query else page.path if is_ours else front

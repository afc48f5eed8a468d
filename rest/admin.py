"""API tokens for staff to see and to end. The tokens themselves nobody can see: only their hash is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from knox.models import AuthToken

from backoffice import audit
from backoffice.pages import Admin

admin.site.unregister(AuthToken)


@admin.register(AuthToken)
class AuthTokenAdmin(Admin):
    """Read, search, revoke. New ones come from signing in, or from `manage.py apitoken`."""

    list_display = ("user", "begins", "created", "expiry")
    list_display_links = None
    list_select_related = ("user",)
    list_filter = ("created", "expiry")
    search_fields = ("user__username", "token_key")
    search_help_text = "The user's name, or how the token begins."
    nothing = "Tokens come from signing in by the API, or from `manage.py apitoken`."
    fields = ("user", "begins", "created", "expiry")
    readonly_fields = fields
    ordering = ("-created",)
    actions = ("revoke",)

    @admin.display(description="Begins with")
    def begins(self, token: Any) -> str:
        return f"{token.token_key[:4]}…"

    @admin.action(description="Revoke: these tokens end at once", permissions=("delete",))
    def revoke(self, request: HttpRequest, chosen: QuerySet) -> None:
        with transaction.atomic():
            whose = sorted(set(chosen.values_list("user__username", flat=True)))
            count = chosen.delete()[0]
            audit.note_about(request.user, AuthToken, "Revoked.", f"{count} of {', '.join(whose)}")
        self.message_user(request, f"{count} token{'' if count == 1 else 's'} revoked.")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's own deletion asks about each by its hash."""
        return {name: found for name, found in super().get_actions(request).items() if name == "revoke"}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

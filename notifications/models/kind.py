"""Kinds that staff made, for the API and for announcements, without code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from notifications import registry
from notifications.models.variables import check_variables

if TYPE_CHECKING:
    from notifications.models import kind_texts

CODE = re.compile(r"[a-z][a-z0-9_]{1,63}")
CATEGORIES = ("utility", "marketing")
PREFERENCES = ("order", "subscription", "delivery", "payment", "promotional")
LASTS = {"utility": timedelta(hours=24), "marketing": timedelta(days=3)}


class CustomKind(models.Model):
    """One kind of message. Utility is worthless after 24 hours; marketing after 3 days, and keeps its hours."""

    code = models.CharField(
        "name for programs",
        max_length=64,
        unique=True,
        error_messages={
            "unique": "There is a kind with this name. Choose another name, or change that kind."
        },
        validators=[RegexValidator(rf"\A{CODE.pattern}\Z", "Use a–z, 0–9 and _, a letter first.")],
        help_text="What programs and the log call it, for example milk_price. It stays.",
    )
    label = models.CharField("name", max_length=100, help_text="As staff read it, for example Milk price.")
    category = models.CharField(
        max_length=10,
        choices=[(name, name) for name in CATEGORIES],
        help_text="Meta's. Marketing goes only to customers who asked for offers.",
    )
    preference = models.CharField(
        max_length=12,
        choices=[(name, name) for name in PREFERENCES],
        help_text="Which of a customer's switches turns it off.",
    )
    variables = models.JSONField(
        default=list,
        blank=True,
        validators=[check_variables],
        help_text="What its texts may use.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("code",)
        verbose_name = "kind of message"
        verbose_name_plural = "kinds of message"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(category__in=CATEGORIES), name="custom_kind_category_known"
            ),
            models.CheckConstraint(
                condition=models.Q(preference__in=PREFERENCES), name="custom_kind_preference_known"
            ),
        )

    def __str__(self) -> str:
        return self.label

    may_read_differently = False  # set where whoever changes a variable's type saw which texts that touches

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValidationError where a text would break, or read differently and nobody said that it may."""
        with transaction.atomic():
            if self.pk:
                self._keep_texts_whole()
            super().save(*args, **kwargs)
            transaction.on_commit(OF_STAFF.forget)
        OF_STAFF.forget()

    def _keep_texts_whole(self) -> None:
        before = CustomKind.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        touched = before.touched_by(self.variables) if before else []
        if words := [one.words for one in touched if one.breaks or not self.may_read_differently]:
            raise ValidationError({"variables": words})

    def touched_by(self, variables: list[dict[str, str]]) -> list[kind_texts.Touched]:
        """The texts that these variables, in place of its own, would break or make read differently."""
        from notifications.models import kind_texts  # which knows the texts, and they know us

        return kind_texts.touched(self.code, self.variables, variables)

    @classmethod
    def hold(cls, code: str) -> None:
        """Let nobody change this kind until the transaction ends, and know it as it is now. For who writes a text."""
        cls.objects.select_for_update(no_key=True).filter(code=code).first()
        OF_STAFF.forget()

    def clean(self) -> None:
        if registry.declared(self.code):
            raise ValidationError(
                {"code": "This kind exists, in code: EarlyBird sends it by itself. Choose another name."}
            )

    def kind(self) -> registry.MessageKind:
        """As everybody but staff's pages knows it."""
        marketing = self.category == "marketing"
        return registry.MessageKind(
            code=self.code,
            label=self.label,
            preference=self.preference,  # type: ignore[arg-type]  # the database holds no other
            category="marketing" if marketing else "utility",
            expires=LASTS[self.category],
            hours="marketing" if marketing else "any",
            variables=tuple(
                registry.Variable(v["name"], v["kind"], v["sample"], v.get("meaning", ""))
                for v in self.variables
            ),
            texts={},
        )


class KindsOfStaff:
    """What the registry asks. Read anew every few seconds in each process, so that no message costs a query.

    A code that is not known is asked for at once, for another process may have made it a moment ago; but only so
    often a second: a queue full of a kind that is gone must not cost a query each.
    """

    FRESH_SECONDS = 5.0
    MOST_ASKED = 20  # times a second, for what is not known

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._known: Mapping[str, registry.MessageKind] = {}
        self._stale_at = self._second = -1.0
        self._asked = 0

    def get(self, code: str) -> registry.MessageKind | None:
        fresh = self._monotonic() < self._stale_at
        if fresh and code in self._known:
            return self._known[code]
        if not CODE.fullmatch(code) or (fresh and not self._may_ask()):
            return None
        self._read()
        return self._known.get(code)

    def all(self) -> Iterable[registry.MessageKind]:
        """Read at once: whoever lists them does so for people. Opens no connection: system checks ask too."""
        if connection.connection is not None and self._may_ask():
            self._read()
        return self._known.values()

    def forget(self) -> None:
        """Read anew when asked next."""
        self._stale_at = -1.0

    def _may_ask(self) -> bool:
        second = self._monotonic() // 1
        if second != self._second:
            self._second, self._asked = second, 0
        self._asked += 1
        return self._asked <= self.MOST_ASKED

    def _read(self) -> None:
        try:
            self._known = {row.code: row.kind() for row in CustomKind.objects.all()}
        except DatabaseError:
            # In a transaction it is broken now, and whoever is in it must hear that. Outside one nothing is lost:
            # before the first `migrate` there is no table.
            if connection.in_atomic_block:
                raise
        self._stale_at = self._monotonic() + self.FRESH_SECONDS


OF_STAFF = KindsOfStaff()

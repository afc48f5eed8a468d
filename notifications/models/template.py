"""The texts, which staff own, and every version they ever had."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction

from notifications import registry, templating
from notifications.formats import CannotWrite
from notifications.models.kind import OF_STAFF, CustomKind
from notifications.models.naming import Naming


def kind_choices() -> list[tuple[str, str]]:
    """Callable, so that a new kind needs no schema migration."""
    return [(kind.code, kind.label) for kind in registry.kinds()]


class MessageTemplate(Naming):
    """The text of one kind in one language. Saving a changed text keeps the old one as a version."""

    kind = models.CharField(max_length=64, choices=kind_choices)
    language = models.CharField(max_length=8, choices=registry.LANGUAGES, default="en")
    content = models.TextField(
        help_text="WhatsApp text with {{variables}}; at most 1,024 characters when filled."
    )
    active = models.BooleanField(default=True, help_text="Off: messages of this kind are not sent.")
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "language"),
                name="template_kind_language_once",
                violation_error_message="This kind already has a text in this language. Change that one.",
            ),
        )
        indexes = (models.Index(fields=("active", "kind", "language"), name="template_active"),)

    def __str__(self) -> str:
        kind = registry.get(self.kind)
        return f"{kind.label if kind else self.kind}, {self.get_language_display()}"

    def save(self, *args: object, note: str = "", **kwargs: object) -> None:
        """A broken text is refused whoever saves it; a changed one becomes the next version, and keeps the note."""
        with transaction.atomic():
            CustomKind.hold(self.kind)
            before = (
                MessageTemplate.objects.select_for_update().filter(pk=self.pk).first() if self.pk else None
            )
            # A text that broke because its kind changed can still be switched off.
            if self.active or before is None or before.content != self.content:
                self.clean_content()
            if before is None or before.as_named != self.as_named:
                self.clean_naming()
            self.adopt()
            if before and before.content != self.content:
                self.version = before.version + 1
            super().save(*args, **kwargs)  # type: ignore[arg-type]
            TemplateVersion.objects.get_or_create(
                template=self,
                number=self.version,
                defaults={"content": self.content, "author": self.updated_by, "note": note[:200]},
            )

    def clean(self) -> None:
        OF_STAFF.forget()  # a variable that was added a moment ago, by another process, is there
        self.clean_content()
        self.clean_naming()

    def clean_content(self) -> None:
        """Refuse a text that could not be rendered, with the line and why, or whose kind's samples show it so."""
        try:
            kind = registry.get(self.kind)
            templating.check(self.content, kind.variable_kinds if kind else None)
            samples = {variable.name: variable.sample for variable in kind.variables} if kind else {}
            if kind:
                templating.render(self.content, samples, kind.variable_kinds, self.language)
        except templating.BadText as error:
            raise ValidationError({"content": f"Filled with samples: {error}"}) from error
        except CannotWrite as error:
            raise ValidationError({"content": str(error)}) from error


class TemplateVersion(models.Model):
    template = models.ForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Why it is there, for who looks later.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("template", "number"), name="template_version_once"),)

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"

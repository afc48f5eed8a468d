"""The operation of a data migration that installs default texts.

The texts are read from the app's `messages.py` and not frozen into the migration: a machine that is new now
wants the defaults of now; and where a text exists nothing is touched, however old the migration.
"""

from collections.abc import Iterable

from django.db import migrations

from notifications.registry import MessageKind


def installed(kinds: Iterable[MessageKind]) -> migrations.RunPython:
    """Install the texts of these kinds where there are none; going back leaves them to staff."""
    kinds = tuple(kinds)

    def install(apps, schema_editor):
        for kind in kinds:
            for language, content in kind.texts.items():
                _install(apps, kind.code, language, content)

    return migrations.RunPython(install, migrations.RunPython.noop)


def _install(apps, kind: str, language: str, content: str) -> None:
    template, is_new = apps.get_model("notifications", "MessageTemplate").objects.get_or_create(
        kind=kind, language=language, defaults={"content": content}
    )
    if is_new:  # a historical model has no save() that would keep the first version
        apps.get_model("notifications", "TemplateVersion").objects.create(
            template=template, number=1, content=content
        )

"""The kinds' own texts, where there is none yet. Migrations install them first; this is for kinds that come later."""

from __future__ import annotations

from typing import Any

from django.db import connections

from notifications import registry


def install(using: str = "default", **_: Any) -> None:
    """After every `migrate`: a kind that was declared since gets its texts. What staff wrote stays as it is."""
    from notifications.models import MessageTemplate, TemplateVersion

    if MessageTemplate._meta.db_table not in connections[using].introspection.table_names():
        return
    known = set(MessageTemplate.objects.using(using).values_list("kind", "language"))
    missing = [
        MessageTemplate(kind=kind.code, language=language, content=content)
        for kind in registry.kinds()
        for language, content in kind.texts.items()
        if (kind.code, language) not in known
    ]
    made = MessageTemplate.objects.using(using).bulk_create(missing)
    TemplateVersion.objects.using(using).bulk_create(
        TemplateVersion(template=text, number=text.version, content=text.content) for text in made
    )

"""All templates of the account, as sandbox state."""

from dataclasses import replace
from typing import Any

from .template import FIELDS, Template

_NEEDED = ("name", "language", "body")


class Templates:
    """By name and language, in the order in which they were made."""

    def __init__(self, begin: list[dict[str, Any]]) -> None:
        """Raises ValueError as `replace` does."""
        self.begin = begin
        self.restore()

    def find(self, name: str, language: str) -> Template | None:
        return self.known.get((name, language))

    def all(self) -> list[Template]:
        return list(self.known.values())

    def restore(self) -> None:
        """Back to how the sandbox was started."""
        self.made = 0
        self.replace(self.begin)

    def replace(self, wanted: Any) -> None:
        """These instead of all. Raises ValueError naming the one that is wrong, and then nothing is changed."""
        if not isinstance(wanted, list):
            raise ValueError("templates are a list of objects")  # noqa: TRY004  callers are promised ValueError
        found: dict[tuple[str, str], Template] = {}
        for place, one in enumerate(wanted, 1):
            template = self._made(f"template {place}", one)
            if (template.name, template.language) in found:
                raise ValueError(f"template {place}: {template.name} in {template.language} is there already")
            found[template.name, template.language] = template
        self.known = found

    def change(self, name: str, language: str, changes: Any) -> Template:
        """Change the fields that are named, or make the template, which needs a body. Raises ValueError."""
        label, named = f"{name} in {language}", {"name": name, "language": language}
        known = self.find(name, language)
        if isinstance(changes, dict) and any(changes.get(key, named[key]) != named[key] for key in named):
            raise ValueError(f"{label}: name and language stay as they are")
        if known is None:
            changed = self._made(label, {**_checked(label, changes), **named})
        else:
            changed = _built(label, lambda: replace(known, **_checked(label, changes)))
        self.known[name, language] = changed
        return changed

    def _made(self, label: str, one: Any) -> Template:
        given = _checked(label, one)
        missing = [name for name in _NEEDED if name not in given]
        if missing:
            raise ValueError(f"{label}: {', '.join(missing)} is missing")
        ids = {"id": 4711 + self.made, "waba_template_id": str(1_234_567_890 + self.made)}
        self.made += 1
        return _built(label, lambda: Template(**{**ids, **given}))


def _built(label: str, build: Any) -> Template:
    try:
        return build()
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from error


def _checked(label: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{label}: is not an object")  # noqa: TRY004  callers are promised ValueError
    unknown = ", ".join(sorted(set(value) - set(FIELDS)))
    if unknown:
        raise ValueError(f"{label}: {unknown}: no such field; there are {', '.join(FIELDS)}")
    return value

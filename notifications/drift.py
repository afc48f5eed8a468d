"""Where a text and the approved template that stands for it are apart, in sentences for staff."""

from __future__ import annotations

from collections.abc import Iterator

from notifications import approved, registry, templating
from notifications.formats import CannotWrite
from notifications.models import ApprovedTemplate, MessageTemplate


def warnings(text: MessageTemplate) -> list[str]:
    """What staff should know before they rely on a text; nothing where no approved template is needed."""
    return list(_warnings(text)) if approved.in_force() else []


def template_of(text: MessageTemplate) -> ApprovedTemplate | None:
    """The listed template that its messages go by, or would."""
    wanted = text.in_use or text.named
    return ApprovedTemplate.find(wanted["name"], wanted["language"]) if wanted else None


def _warnings(text: MessageTemplate) -> Iterator[str]:
    named = text.named
    if named is None:
        yield (
            "It names no approved template: it goes only to who wrote to us in the last 24 hours, "
            "or where there is one, in English."
        )
        return
    yield from _standing(text, ApprovedTemplate.find(named["name"], named["language"]))
    template = template_of(text)
    if template is not None:
        yield from _apart(text, template)


def _standing(text: MessageTemplate, template: ApprovedTemplate | None) -> Iterator[str]:
    if template is not None and template.sendable:
        return
    named = text.named or {}
    what = (
        f"{template} is {template.standing}."
        if template
        else f"MyOperator does not list {named['name']} ({named['language']})."
    )
    in_use = text.in_use
    if in_use and in_use["name"] != named["name"]:
        yield f"{what} Until it is approved, {in_use['name']} stays in use."
    else:
        yield f"{what} Its messages wait."


def _apart(text: MessageTemplate, template: ApprovedTemplate) -> Iterator[str]:
    kind = registry.get(text.kind)
    if kind is not None and kind.category == "utility" and template.category == "marketing":
        yield f"WhatsApp counts {template} as marketing: 6.6 times the price, and a limit on how many reach one person."
    words = read(text, template)
    if words is not None and _plain(words) != _plain(_own(text)):
        yield f"The customer does not read these words, but the approved ones: {words}"


def read(text: MessageTemplate, template: ApprovedTemplate) -> str | None:
    """What a customer reads, with the samples of the kind; None where it cannot be filled."""
    kind = registry.get(text.kind)
    wanted = text.in_use or text.named
    if kind is None or wanted is None:
        return None
    in_use = approved.InUse(template.name, template.language, wanted["placeholders"], template.body)
    samples = {variable.name: variable.sample for variable in kind.variables}
    try:
        return approved.pin(in_use, samples, kind.variable_kinds, text.language).text
    except CannotWrite:
        return None


def _own(text: MessageTemplate) -> str:
    kind = registry.get(text.kind)
    samples = {variable.name: variable.sample for variable in kind.variables} if kind else {}
    try:
        return templating.render(text.content, samples, kind.variable_kinds if kind else {}, text.language)
    except CannotWrite:
        return ""


def _plain(words: str) -> str:
    return " ".join(words.split())

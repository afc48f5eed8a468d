"""What is wrong with a message before it is recorded: whatever the caller can put right is a 400."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches

from rest_framework.serializers import ValidationError

from notifications import registry, templating
from notifications.clock import now as clock_now
from notifications.formats import BadValue
from notifications.outbox.compose import Draft, Item, Writer
from rest.errors import named

Errors = list[dict[str, str | None]]


def kind_of(code: str) -> str:
    """The code of a kind there is. Raises ValidationError with the nearest one."""
    if registry.get(code) is not None:
        return code
    raise ValidationError(no_such_kind(code), "unknown_kind")


def sendable(code: str) -> str:
    """The code of a kind that may be asked for: what passes an opt-out is for the system to send."""
    kind = registry.get(kind_of(code))
    if kind is not None and kind.about_consent:
        raise ValidationError(
            "This answers a customer's STOP or START: only the system sends it.", "system_only"
        )
    return code


def no_such_kind(code: str) -> str:
    """The sentence for a kind that is not there, with the nearest one, or all there are."""
    codes = [kind.code for kind in registry.kinds()]
    near = get_close_matches(code, codes, 1)
    hint = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(codes)}."
    return f"There is no such kind of message. {hint}"


def check(asked: Mapping[str, object]) -> None:
    """Raise ValidationError, naming the field, where this message could never be written.

    A consent that is missing or a text that is switched off is no mistake of the caller's: such a message is
    recorded as suppressed. A text that staff broke is recorded as failed.
    """
    item = Item(asked["phone"], asked["context"], language=asked["language"])  # type: ignore[arg-type]
    writer = Writer(str(asked["message_type"]), [item], clock_now())
    if fault := fault_of(writer, writer.drafts()[0]):
        raise fault


def fault_of(writer: Writer, draft: Draft) -> ValidationError | None:
    """What the caller can put right in a draft of this writer's, by field; None where it can be recorded."""
    if draft.code == "own_number":
        return ValidationError({"phone": ValidationError(draft.why, draft.code).detail})
    return None if draft.text else _fault_of_words(writer, draft)


def _fault_of_words(writer: Writer, draft: Draft) -> ValidationError | None:
    text = writer.texts.get(draft.language) or writer.texts.get("en")
    if text is None or writer.kind is None:
        return None
    try:
        templating.render(text.content, draft.given, writer.kind.variable_kinds, text.language)
    except templating.MissingVariable as error:
        return _bad_value(error.variable, str(error), "missing_variable")
    except BadValue as error:
        return _bad_value(error.variable, str(error), "bad_value")
    except templating.BadText as error:
        return ValidationError({"context": ValidationError(str(error), "bad_text").detail})
    except templating.BadTemplate:
        pass
    return None


def _bad_value(name: str, why: str, code: str) -> ValidationError:
    return ValidationError({"context": {name: ValidationError(why, code).detail}})


def check_future(moment: datetime) -> datetime:
    """A moment that is still to come. Raises ValidationError."""
    if moment <= clock_now():
        raise ValidationError("This moment is over: the message would be worthless at once.", "past")
    return moment


def errors_of(error: ValidationError) -> Errors:
    """As the API's errors read; of no field in particular is null."""
    return [
        {"code": found.code, "detail": str(found.detail), "attr": found.attr} for found in named(error.detail)
    ]

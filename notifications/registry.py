"""The kinds of message there are. Every app declares its own, in its `messages.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from notifications.phones import BadPhone, e164

LANGUAGES = (
    ("en", "English"),
    ("hi", "हिन्दी"),
    ("kn", "ಕನ್ನಡ"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("mr", "मराठी"),
    ("ml", "മലയാളം"),
    ("gu", "ગુજરાતી"),
    ("bn", "বাংলা"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("ur", "اردو"),
)

Category = Literal["utility", "marketing"]
Preference = Literal["order", "subscription", "delivery", "payment", "promotional"]
Hours = Literal["any", "reminder", "marketing"]
Use = Callable[[str, object], tuple[str, str] | None]


@dataclass(frozen=True)
class Variable:
    """One value a text may use. `kind` is a kind of `formats`: text, date, month, money, time, number, phone."""

    name: str
    kind: str
    sample: str
    meaning: str = ""


@dataclass(frozen=True)
class MessageKind:
    """A kind of message.

    code        the name everywhere, for example `order_confirmation`
    preference  which of a customer's switches turns it off
    category    Meta's: utility or marketing. Marketing needs an opt-in
    urgent      goes before everything else, and through a customer's do-not-disturb
    answers     it answers what the customer just did, so do-not-disturb does not hold it
    about_consent  it tells of an opt-out or of its end, so it passes them
    hours       the house hours it keeps: any, reminder (07:00-21:00), marketing (10:00-20:00)
    expires     worthless so long after it was queued, where the sender does not know better
    texts       language code to default text, installed by migration; English is required
    cause       what makes the app send it, as a sentence goes on: “because an order was placed”
    """

    code: str
    label: str
    preference: Preference
    expires: timedelta
    variables: tuple[Variable, ...]
    texts: Mapping[str, str]
    category: Category = "utility"
    urgent: bool = False
    answers: bool = False
    about_consent: bool = False
    hours: Hours = "any"
    cause: str = ""
    variable_kinds: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variable_kinds", {v.name: v.kind for v in self.variables})


@dataclass(frozen=True)
class Found:
    """What an app made of a search: what it is, and whose messages are meant, or those about which rows."""

    what: str
    phones: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class Source(Protocol):
    """Where kinds come from that no app declares."""

    def get(self, code: str) -> MessageKind | None: ...
    def all(self) -> Iterable[MessageKind]: ...


_kinds: dict[str, MessageKind] = {}
_sources: list[Source] = []
_phone_hooks: list[Callable[[object], Iterable[str]]] = []
_link_hooks: dict[str, Callable[[str], str | None]] = {}
_search_hooks: list[tuple[str, Callable[[str], Found | None]]] = []
_name_hooks: list[Callable[[Collection[str]], Mapping[str, str]]] = []
_use_hooks: list[Use] = []
_person_hooks: list[Callable[[str], tuple[str, str] | None]] = []


def register(*kinds: MessageKind) -> None:
    """Declare kinds. Raises ValueError where two apps claim one code."""
    for kind in kinds:
        if _kinds.get(kind.code, kind) != kind:
            raise ValueError(f"The kind {kind.code} is declared twice.")
        _kinds[kind.code] = kind


def more(source: Source) -> None:
    """Ask this source too, for kinds that no app declares. What an app declares stays the app's."""
    if source not in _sources:
        _sources.append(source)


def get(code: str) -> MessageKind | None:
    return _kinds.get(code) or next((kind for source in _sources if (kind := source.get(code))), None)


def kinds() -> list[MessageKind]:
    """All there are by code: those of the apps, then those of other sources."""
    others = [kind for source in _sources for kind in source.all() if not declared(kind.code)]
    return [*_by_code(_kinds.values()), *_by_code(others)]


def declared(code: str) -> bool:
    """Whether an app declares this kind, in code."""
    return code in _kinds


def marketing() -> list[str]:
    """The codes of marketing that apps declare. Asks no other source, so that it costs no query."""
    return [kind.code for kind in _kinds.values() if kind.category == "marketing"]


def _by_code(found: Iterable[MessageKind]) -> list[MessageKind]:
    return sorted(found, key=lambda kind: kind.code)


def phones_of(hook: Callable[[object], Iterable[str]]) -> Callable[[object], Iterable[str]]:
    """Register (as a decorator) a function from a sign-in user to the E.164 numbers staff bound to them."""
    _phone_hooks.append(hook)
    return hook


def phones(user: object) -> set[str]:
    """Every number whose messages this user may see."""
    return {phone for hook in _phone_hooks for phone in hook(user)}


def link(prefix: str, hook: Callable[[str], str | None]) -> None:
    """Say where references that start with `prefix` lead: `link("order_", lambda pk: "/admin/orders/…")`."""
    _link_hooks[prefix] = hook


def link_of(reference: str) -> str | None:
    """The address of the business row a reference names, or None."""
    prefix, _, rest = reference.rpartition("_")
    hook = _link_hooks.get(f"{prefix}_")
    return hook(rest) if hook else None


def searched(
    example: str,
) -> Callable[[Callable[[str], Found | None]], Callable[[str], Found | None]]:
    """Register (as a decorator) a function that makes something of a search term, or returns None where it cannot.

    example  what it can be given, for who searched in vain: `an order's number (EB-20261122-0042)`
    """

    def connect(hook: Callable[[str], Found | None]) -> Callable[[str], Found | None]:
        _search_hooks.append((example, hook))
        return hook

    return connect


def search(term: str) -> list[Found]:
    """What the apps make of a term, each for itself."""
    return [found for _, hook in _search_hooks if (found := hook(term))]


def searchable() -> list[str]:
    """What can be searched beside numbers, ids and references."""
    return [example for example, _ in _search_hooks]


def names_of(hook: Callable[[Collection[str]], Mapping[str, str]]) -> Callable[..., Mapping[str, str]]:
    """Register (as a decorator) a function from E.164 numbers to the names of who has them."""
    _name_hooks.append(hook)
    return hook


def names(phones: Collection[str]) -> dict[str, str]:
    """The names of who has these numbers, where somebody knows; one query for all."""
    return {phone: name for hook in _name_hooks for phone, name in hook(phones).items()}


def person_page(hook: Callable[[str], tuple[str, str] | None]) -> Callable[[str], tuple[str, str] | None]:
    """Register (as a decorator) a function from an E.164 number to (name, address of their page), or None."""
    _person_hooks.append(hook)
    return hook


def person_of(phone: str) -> tuple[str, str] | None:
    """Who has this number, and the address of staff's page about them; None where nobody knows.

    What stands in place of a number is nobody's: one that was mistyped, or whose owner was erased.
    """
    try:
        phone = e164(phone)
    except BadPhone:
        return None
    return next((found for hook in _person_hooks if (found := hook(phone))), None)


def use_of_kinds(hook: Use) -> Use:
    """Register (as a decorator) a function from a staff's own kind and a user to (words, address) of where that user
    can use it, or None.
    """
    _use_hooks.append(hook)
    return hook


def uses_of(kind: str, user: object) -> list[tuple[str, str]]:
    """What this user can do with a kind of staff's own, beside sending it by API: words and addresses."""
    return [found for hook in _use_hooks if (found := hook(kind, user))]


def readable(value: object, kind: str, language: str = "en") -> str:
    """A typed value as messages write it: 123456.50 as money is `1,23,456.50`. Raises `formats.BadValue`."""
    from notifications import formats  # which asks us for the languages

    return formats.written(kind, value, kind, language)


def fault_of(value: str, kind: str) -> str:
    """Why a value that somebody typed cannot stand in a message as this kind of `formats`: a sentence, or empty."""
    from notifications import typed

    return typed.fault(value, kind)

"""The kinds of message that staff made, as announcements use them: which there are, and whether all is filled in."""

from notifications import outbox, registry
from notifications.registry import MessageKind, Variable
from orders.messages import CUSTOMER_NAME
from orders.models import Announcement

GONE = "There is no kind of message like this any more. Choose another."
NEEDS_NOTICE = (
    "This is a utility kind, which reaches customers who never asked for offers. Say that this is a notice of service "
    "and sells nothing, or choose a marketing kind."
)


def own_kinds() -> list[MessageKind]:
    """Those that staff made, by code."""
    return [kind for kind in registry.kinds() if not registry.declared(kind.code)]


def find(code: str) -> MessageKind | None:
    """A kind that staff made, or None."""
    return None if registry.declared(code) else registry.get(code)


def asked(kind: MessageKind) -> list[Variable]:
    """What staff give: each customer's name is filled in for them."""
    return [variable for variable in kind.variables if variable.name != CUSTOMER_NAME.name]


def faults(announcement: Announcement) -> list[str]:
    """Why an announcement of a kind cannot go as it stands, in sentences: the kind may have changed since."""
    if not announcement.kind:
        return []
    kind = find(announcement.kind)
    if kind is None:
        return [GONE]
    found = [_fault(variable, announcement.values) for variable in asked(kind)]
    needs = [NEEDS_NOTICE] if kind.category == "utility" and not announcement.is_notice else []
    return [*filter(None, found), *needs]


def _fault(variable: Variable, values: dict[str, str]) -> str:
    why = registry.fault_of(str(values.get(variable.name, "")), variable.kind)
    return f"{variable.name}: {why}" if why else ""


def warnings(announcement: Announcement) -> list[str]:
    """What whoever starts it should know first."""
    kind = find(announcement.kind) if announcement.kind else None
    return [*filter(None, (_of_utility(kind), _of_another(announcement)))] if kind else []


def _of_utility(kind: MessageKind) -> str:
    if kind.category != "utility":
        return ""
    dear = registry.readable(outbox.price("new_product"), "money")
    return (
        "It goes to customers who did not ask for offers too, and at any hour, because it is a notice of service. "
        f"If it sells anything, WhatsApp makes it marketing and charges ₹{dear} for each; customers may report it."
    )


def _of_another(announcement: Announcement) -> str:
    others = Announcement.objects.filter(kind=announcement.kind).exclude(pk=announcement.pk)
    other = others.exclude(status=Announcement.Status.DRAFT).first()
    if other is None:
        return ""
    return f"Announcement {other.pk} of the same kind told {other.queued:,} customers. Who is in both is told twice."

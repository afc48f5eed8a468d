"""What would come of an announcement, for whoever is about to start it: who is told, who not and why, the price."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from notifications import outbox
from orders import messages, own_kinds
from orders.audience import chunks
from orders.models import Announcement

CHUNK = 1000
REASONS = {
    "no_opt_in": "have not asked for offers",
    "opted_out": "switched all messages off",
    "category_off": "switched offers off",
    "unreachable": "are not on WhatsApp",
    "known": "were told of it already",
    "not_allowed": "are not among the numbers this system may write to",
    "template_off": "read a language whose text is switched off",
    "missing_variable": "would get a text that needs a value which is not given",
    "cannot_render": "would get a text that cannot be written with these values",
    "bad_phone": "have a number that is none",
    "own_number": "have our own sending number",
    "no_text": "would get no text, because there is none",
}


@dataclass(frozen=True)
class Preview:
    """How many customers would be told, how many not and why (code → customers), and the price in rupees.

    faults: why it cannot be started, in sentences; then nobody was counted. warnings: what to know before
    """

    told: int
    left_out: Counter[str]
    cost: Decimal
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def audience(self) -> int:
        return self.told + self.left_out.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """In words, the most frequent first."""
        return [
            (REASONS.get(code, f"cannot be told ({code})"), count)
            for code, count in self.left_out.most_common()
        ]


def preview(announcement: Announcement) -> Preview:
    """What would come of starting it now. Reads all of its audience, in flat memory."""
    if faults := own_kinds.faults(announcement):
        return Preview(0, Counter(), Decimal(0), tuple(faults))
    kind, found = messages.kind_of(announcement), Counter[str]()
    for chunk in chunks(announcement, CHUNK):
        found += outbox.preview(kind, messages.announcing(announcement, chunk))
    told = found.pop("", 0)
    return Preview(told, found, told * outbox.price(kind), warnings=tuple(own_kinds.warnings(announcement)))

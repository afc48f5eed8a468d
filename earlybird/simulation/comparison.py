"""What people should have been told beside what they were told."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from earlybird.simulation.rules import Told
from notifications import registry
from notifications.models import Message
from notifications.phones import mask
from orders import days

MOST = 10  # differences that are named


def was_told() -> Told:
    """What the provider accepted, counted by phone, kind and the Indian day."""
    rows = Message.objects.exclude(sent_at=None).values_list("phone", "kind", "sent_at")
    return Told((phone, kind, days.day_of(at)) for phone, kind, at in rows)


def not_told() -> QuerySet[Message]:
    """How many messages of each kind ended in another way, and why: (kind, status, code, count)."""
    rows = Message.objects.filter(sent_at=None).values_list("kind", "status", "error_code")
    return rows.annotate(count=Count("pk")).order_by("kind", "status", "error_code")


@dataclass(frozen=True)
class Comparison:
    """Two counts of the same people."""

    should: Told
    was: Told

    @property
    def differs(self) -> bool:
        return self.should != self.was

    def table(self) -> Iterator[str]:
        yield f"{'kind':<28}{'should':>8}{'told':>8}{'missing':>9}{'too many':>10}"
        for kind in sorted({kind for _, kind, _ in self.should | self.was}):
            should, was = (_of(kind, told) for told in (self.should, self.was))
            missing, too_many = (should - was).total(), (was - should).total()
            yield f"{kind:<28}{should.total():>8}{was.total():>8}{missing:>9}{too_many:>10}"

    def differences(self) -> Iterator[str]:
        """The first of those who were told too little or too much."""
        found = [(*key, count, "missing") for key, count in (self.should - self.was).items()]
        found += [(*key, count, "too many") for key, count in (self.was - self.should).items()]
        for phone, kind, day, count, how in sorted(found, key=lambda one: one[2])[:MOST]:
            yield f"{day:%a %-d %b}: {mask(phone)} {kind}: {count} {how}"


def kinds_left_out(told: Told) -> set[str]:
    """Kinds that an app declares and nobody was told of."""
    declared = {kind.code for kind in registry.kinds() if registry.declared(kind.code)}
    return declared - {kind for _, kind, _ in told}


def _of(kind: str, told: Told) -> Told:
    return Told({key: count for key, count in told.items() if key[1] == kind})

"""What staff do to many messages: send again, cancel, give up, write into a file. `backoffice.acts` carries it out."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from backoffice import acts, masking, spreadsheet
from backoffice.acts import Kind
from backoffice.tally import Outcome, Tally
from notifications import foreseeing, registry, staff
from notifications.clock import now as clock_now
from notifications.foreseeing import Judged
from notifications.models import Message, QueuedMessage
from notifications.phones import mask

CHANGE, VIEW = "notifications.change_message", "notifications.view_message"
MOST_WRITTEN = 100_000  # messages in one file
READ_AT_ONCE = 1_000
COLUMNS = (
    "Message", "Asked for", "Phone", "Kind", "Language", "Status", "Reason", "Text", "About", "Sent",
    "Delivered", "Read", "Rupees",
)  # fmt: skip


# --- looking ---------------------------------------------------------------------------------------------


def _looked(
    judge: Callable[[Iterable[Message], Collection[QueuedMessage]], Judged],
) -> Callable[[Sequence[int]], Outcome]:
    """As `staff` asks the same judge, with nothing locked."""

    def foresee(ids: Sequence[int]) -> Outcome:
        queued = list(QueuedMessage.objects.filter(pk__in=ids))
        judged = judge(Message.objects.filter(pk__in=ids).order_by("pk"), queued)
        return Outcome(judged.ids, judged.refused, judged.warned, judged.categories)

    return foresee


def _resend(rows: Iterable[Message], queued: Collection[QueuedMessage]) -> Judged:
    return foreseeing.resend(rows, queued, clock_now())


def price(sorts: dict[str, int]) -> Decimal:
    """Rupees for so many messages of each of Meta's categories."""
    marketing = sorts.get("marketing", 0)
    others = sum(sorts.values()) - marketing
    return marketing * settings.NOTIFICATION_PRICE_MARKETING + others * settings.NOTIFICATION_PRICE_UTILITY


def how_long(count: int) -> str:
    """How long so many messages take at the pace of our number, in words."""
    seconds = math.ceil(count / max(settings.MYOPERATOR_RATE_LIMIT, 0.001))
    if seconds < 60:
        return "a moment" if seconds < 3 else f"about {seconds} seconds"
    minutes = math.ceil(seconds / 60)
    if minutes < 100:
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"
    return f"about {math.ceil(minutes / 60)} hours"


def costs(sorts: dict[str, int]) -> str:
    """A sentence: what sending so many of each category costs."""
    rupees = registry.readable(price(sorts), "money")
    parts = [f"{count:,} {name}" for name, count in sorted(sorts.items()) if count]
    return f"It costs ₹{rupees} if WhatsApp takes them all ({', '.join(parts)})."


def _says_resend(tally: Tally) -> list[str]:
    if not tally.count:
        return []
    pace = f"{settings.MYOPERATOR_RATE_LIMIT:g} a second"
    return [
        costs(tally.sorts),
        f"They take {how_long(tally.count)}, at {pace}, and go at once, whatever the hour.",
    ]


def _says_nothing_more(tally: Tally) -> list[str]:
    return []


def _says_give_up(tally: Tally) -> list[str]:
    return [
        "Nothing is sent. What is on hold is taken back; what has failed stays in the log as it is, and is not"
        " shown under Needs attention any more."
    ]


def _says_export(tally: Tally) -> list[str]:
    return [
        "The file can be opened in Excel and in other spreadsheets. It holds what customers were told: give it to"
        " nobody who need not know.",
        "Telephone numbers are written whole if you may see them, and masked otherwise.",
    ]


# --- doing -----------------------------------------------------------------------------------------------


def _done(done: staff.Done) -> Outcome:
    return Outcome(done.ids, done.refused)


def _send_again(ids: Sequence[int], by: str, why: str) -> Outcome:
    return _done(staff.resend(ids, by))


def _cancel(ids: Sequence[int], by: str, why: str) -> Outcome:
    return _done(staff.cancel(ids, by))


def _give_up(ids: Sequence[int], by: str, why: str) -> Outcome:
    return _done(staff.give_up(ids, by, why))


class _Line:
    """A file that keeps nothing: what is written is what is returned."""

    def write(self, line: str) -> str:
        return line


def written(ids: Sequence[int], user: Any) -> Iterator[str]:
    """The lines of a CSV file of these messages, in this order, for this user's eyes. In flat memory."""
    # Asked now: when the lines are read, the page that knew who looks is long answered.
    sees, writer = masking.sees_numbers(user), csv.writer(_Line(), quoting=csv.QUOTE_ALL)
    yield spreadsheet.BOM + writer.writerow(COLUMNS)
    for first in range(0, len(ids), READ_AT_ONCE):
        found = Message.objects.in_bulk(ids[first : first + READ_AT_ONCE])
        for pk in ids[first : first + READ_AT_ONCE]:
            if pk in found:
                yield writer.writerow(map(spreadsheet.safe, _cells(found[pk], sees)))


def _cells(message: Message, sees: bool) -> tuple[object, ...]:
    phone = message.phone if sees else mask(message.phone)
    reason, text = (
        words if sees else masking.masked_in(words, message.phone) for words in (message.error, message.text)
    )
    return (
        message.public_id, _at(message.created_at), spreadsheet.dialled(phone), message.kind, message.language,
        message.status, reason, text, message.reference_id, _at(message.sent_at),
        _at(message.delivered_at), _at(message.read_at), message.cost,
    )  # fmt: skip


def _at(moment: datetime | None) -> str:
    """In India, as spreadsheets read it."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def _example(pk: int) -> tuple[str, str]:
    return f"msg_{pk}", reverse("admin:notifications_message_change", args=(pk,))


SEND_AGAIN = Kind(
    "send_again", "Send again", "sent again", "queued again", CHANGE, _says_resend, _example, _send_again,
    _looked(_resend), model=Message,
)  # fmt: skip
CANCEL = Kind(
    "cancel", "Cancel", "cancelled", "cancelled", CHANGE, _says_nothing_more, _example, _cancel,
    _looked(foreseeing.cancel), model=Message, is_harsh=True,
)  # fmt: skip
GIVE_UP = Kind(
    "give_up", "Give up", "given up", "given up", CHANGE, _says_give_up, _example, _give_up,
    _looked(foreseeing.give_up), model=Message, asks_why=True, is_harsh=True,
)  # fmt: skip
EXPORT = Kind(
    "export_csv", "Export as CSV", "written into a file", "written into a file", VIEW, _says_export, _example,
    file=written, most=MOST_WRITTEN,
)  # fmt: skip
KINDS = (SEND_AGAIN, CANCEL, GIVE_UP, EXPORT)

acts.register(*KINDS)

"""Erasing a person: numbers, texts and whatever else is theirs go; counts and statuses stay.

One transaction takes back what waits to be sent and lets the other apps do theirs; the log follows in batches. What
breaks off is done again from the start: it then finds less. Whoever writes to us later starts anew.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import CharField, F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import get_random_string

from notifications import person, receipt_matching
from notifications.clock import now as clock_now
from notifications.models import (
    Attempt,
    ConsentEvent,
    Conversation,
    ErasureEvent,
    InboundMessage,
    Message,
    MessageEvent,
    NotificationPreference,
    PersonPace,
    QueuedMessage,
    Status,
    WebhookEvent,
)
from notifications.models.erasure import PREFIX, fingerprint
from notifications.models.withdrawal import live, take_back
from notifications.signals import answers, person_erased
from rest.models import IdempotencyKey

logger = logging.getLogger(__name__)

BATCH = 2_000
WHY = "The person asked to be erased."
TRIES = 3  # an event that matched nothing so often is not only early: it may be somebody's who was erased
GONE = {"erased": True}  # instead of an event's payload


class Unknown(LookupError):
    """Nothing is kept about this number. `erased` is its last erasure, if there was one."""

    def __init__(self, phone: str) -> None:
        self.erased = ErasureEvent.of(phone).first()
        super().__init__("Nothing is kept about this number.")


def erase(phone: str, by: str) -> ErasureEvent:
    """Erase who has this number (E.164); `by` is a user's name. Not in a transaction: a long log takes many.

    What a worker is sending at this moment is marked: it is not sent again. Raises Unknown.
    """
    if not person.is_known(phone):
        raise Unknown(phone)
    event = _begin(phone, by)
    counts = {
        "messages": sum(map(len, _forget_messages(phone, event.token))),
        "replies": sum(map(len, _forget_replies(phone, event.token))),
        "webhook_events": sum(map(forget_events, person.event_ids(phone))),
    }
    _forget_traces(phone, event.token)
    event.counts, event.finished_at = event.counts | counts, clock_now()
    event.save()
    logger.info("%s was erased by %s: %s", event.token, by, event.counts)
    return event


def under_way(event: ErasureEvent) -> int:
    """How many of the erased person's messages a worker was sending, and has not brought back."""
    return QueuedMessage.objects.filter(message__phone=event.token).count()


@transaction.atomic
def _begin(phone: str, by: str) -> ErasureEvent:
    """The other apps first: they lock their rows before the queue's, as they do everywhere."""
    accounts: set[int] = set()
    counts = answers(person_erased, phone=phone, accounts=accounts)
    take_back(live(message__phone=phone), Status.CANCELLED, WHY, clock_now(), code="erased")
    event = ErasureEvent.objects.create(
        number_hash=fingerprint(phone),
        token=PREFIX + get_random_string(16 - len(PREFIX), "abcdefghijklmnopqrstuvwxyz0123456789"),
        by=by[:150],
        at=clock_now(),
        counts=counts,
    )
    _forget_wishes(phone, event.token, accounts)
    event.counts["accounts"] = _close(accounts)
    return event


def _forget_wishes(phone: str, token: str, accounts: set[int]) -> None:
    """Of the ledger stays what changed when, and that staff changed it."""
    preferences = NotificationPreference.objects.filter(phone=phone)
    accounts |= set(preferences.filter(user__isnull=False).values_list("user", flat=True))
    preferences.delete()
    Conversation.objects.filter(phone=phone).delete()
    PersonPace.objects.filter(phone=phone).delete()
    ledger = ConsentEvent.objects.filter(phone=phone)
    ledger.exclude(how=ConsentEvent.How.ADMIN).update(by="")
    ledger.filter(what="user").update(old="", new="")
    ledger.update(phone=token, words="")


def _close(accounts: Collection[int]) -> int:
    """Delete the sign-in users who were nothing but this customer: no staff, and nobody who works for us."""
    users = get_user_model().objects.filter(pk__in=accounts, is_staff=False, is_superuser=False)
    theirs = [user for user in users if not _is_more(user)]
    for user in theirs:
        AccessAttempt.objects.filter(username=user.get_username()).delete()
        user.delete()
    return len(theirs)


def _is_more(user: Any) -> bool:
    """Whether a row of another app is this user: a delivery agent, for one."""
    ones = [r for r in user._meta.related_objects if r.one_to_one and not r.hidden]
    return any(hasattr(user, str(relation.get_accessor_name())) for relation in ones)


def _forget_messages(phone: str, token: str) -> Iterable[list[int]]:
    while ids := list(Message.objects.filter(phone=phone).order_by().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # What somebody was queueing while the rest was taken back has come since.
            take_back(live(pk__in=ids), Status.CANCELLED, WHY, clock_now(), code="erased")
            rows = Message.objects.filter(pk__in=ids)
            list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            rows.update(phone=token, text="", variables={}, approved=None, reference_id="", error="")
            MessageEvent.objects.filter(message_id__in=ids).update(detail="")
            # The provider's id has the number in it: WhatsApp's is base64 of it.
            Attempt.objects.filter(message_id__in=ids).update(detail="", provider_message_id=None)
        yield ids


def _forget_replies(phone: str, token: str) -> Iterable[list[int]]:
    while ids := list(
        InboundMessage.objects.filter(phone=phone).order_by().values_list("pk", flat=True)[:BATCH]
    ):
        InboundMessage.objects.filter(pk__in=ids).update(
            phone=token,
            text="",
            provider_message_id=Concat(Value(PREFIX), Cast("pk", CharField()), output_field=CharField()),
        )
        yield ids


def forget_events(ids: Collection[int]) -> int:
    """Their ids stay, so that what is reported again is known again; what was not applied never is."""
    events = WebhookEvent.objects.filter(pk__in=ids)
    events.filter(applied_at=None).update(applied_at=clock_now(), result="erased")
    return events.update(payload=GONE)


def forget_late(events: Collection[WebhookEvent]) -> set[int]:
    """Receipts of whoever was erased before they came: they match nothing any more. Returns their ids."""
    numbers = {event.pk: fingerprint(phone) for event in events if (phone := receipt_matching.phone(event))}
    erased = ErasureEvent.objects.filter(number_hash__in=set(numbers.values()))
    known = set(erased.values_list("number_hash", flat=True)) if numbers else set()
    late = {pk for pk, number in numbers.items() if number in known}
    if late:
        forget_events(late)
    return late


def _forget_traces(phone: str, token: str) -> None:
    """Where the number may stand in words that somebody chose: the desk's own log, the API's keys of a day, and the
    names that somebody tried to sign in with."""
    number = person.digits(phone)
    for signed_in in (AccessAttempt, AccessFailureLog, AccessLog):
        signed_in.objects.filter(username__regex=person.pattern(phone)).delete()
    LogEntry.objects.filter(Q(object_repr__contains=number) | Q(change_message__contains=number)).update(
        object_repr=token, change_message=""
    )
    keys = IdempotencyKey.objects.annotate(
        said=Concat(F("key"), Cast("made", TextField()), output_field=TextField())
    )
    keys.filter(said__contains=number).delete()

"""Row 15: an order is cancelled, a bill is paid, a customer says STOP, while the message about it is on its way."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple

from benchmarks.faults.ground import Ground
from benchmarks.faults.receipts import talking
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, queue, somebody, statuses
from billing.messages import payment_reminder
from billing.models import Bill, Payment
from notifications import staff
from notifications.models import Message, NotificationPreference, QueuedMessage
from notifications.sandbox.client import Sandbox
from orders import actions, days
from orders.models import Customer, Product

SLOW = 5000  # milliseconds of an answer: time to change one's mind
HOURS = {"NOTIFICATION_REMINDER_HOURS": "00:00-00:00", "NOTIFICATION_DEADLINE": 8}  # whatever time it is


class Ending(NamedTuple):
    """How the provider ends what was in flight: by number's end, whether it took it, and whether we can know."""

    play: str
    is_taken: bool
    is_known: bool


ENDINGS = {
    "2201": Ending("ok", is_taken=True, is_known=True),
    "2202": Ending("500", is_taken=False, is_known=True),
    "2203": Ending("hang", is_taken=False, is_known=False),
    "2204": Ending("reset_after_body", is_taken=True, is_known=False),
}


class Case(NamedTuple):
    """A message that becomes pointless when somebody acts; what it becomes then, and why."""

    message: int
    phone: str
    act: Callable[[], object]
    becomes: Status
    why: str


@row(
    15,
    "order cancelled, bill paid, customer opted out while queued and while in flight",
    "cancelled or suppressed with the reason, unless already accepted; the provider's truth agrees",
)
def second_thoughts(ground: Ground, seen: Seen) -> None:
    with talking(ground, **HOURS) as (sandbox, _):
        sandbox.set(receipts="never")
        _while_queued(sandbox, seen)
        _while_in_flight(sandbox, seen)


def _while_queued(sandbox: Sandbox, seen: Seen) -> None:
    staff.stop_channel("Chitra", "to have time")
    cases = _cases(sandbox, "")
    _act(cases)
    staff.resume_channel("Chitra")
    later = queue(1)
    wait_until("a later message is sent", lambda: all_are(later, Status.SENT), 30)
    for case in cases:
        _compare(sandbox, seen, "queued", case, Ending("", is_taken=False, is_known=True))


def _while_in_flight(sandbox: Sandbox, seen: Seen) -> None:
    wide = queue(200)
    wait_until("the slots widen", lambda: all_are(wide, Status.SENT))
    rules = [{"match": {"phone_suffix": end}, "play": ending.play} for end, ending in ENDINGS.items()]
    sandbox.set(latency_ms=SLOW, fail=rules)
    cases = {case: ending for end, ending in ENDINGS.items() for case in _cases(sandbox, end)}
    wait_until("all are in flight", lambda: sandbox.summary()["in_flight"] == len(cases), SLOW / 1000)
    sandbox.set(latency_ms=0, fail=[])
    _act(cases)
    ids = [case.message for case in cases]
    marked = QueuedMessage.objects.filter(pk__in=ids, lease_until__isnull=False).exclude(withdrawn="").count()
    seen.check(f"{marked} of {len(ids)} marked in flight", marked == len(ids))
    wait_until("all came back", lambda: not statuses(ids)[Status.SENDING], 30)
    for case, ending in cases.items():
        _compare(sandbox, seen, f"in flight, {ending.play}", case, ending)


def _cases(sandbox: Sandbox, end: str) -> list[Case]:
    return [_cancelled(somebody(end)), _paid(somebody(end)), _opted_out(somebody(end), sandbox)]


def _cancelled(phone: str) -> Case:
    order = _order(phone)
    act, why = lambda: actions.cancel(order), "the order was cancelled"
    return Case(_first_to(phone), phone, act, Status.CANCELLED, why)


def _paid(phone: str) -> Case:
    customer = _customer(phone)
    month = days.today().replace(day=1)
    bill = Bill.objects.create(customer=customer, month=month, amount=450, due_date=days.today())
    payment_reminder(bill, days.today())
    paid = Payment(customer=customer, bill=bill, month=month, amount=450, method="cash")
    return Case(_first_to(phone), phone, paid.save, Status.CANCELLED, "the bill was paid")


def _opted_out(phone: str, sandbox: Sandbox) -> Case:
    _order(phone)
    why = "The customer switched all messages off."
    return Case(_first_to(phone), phone, lambda: sandbox.reply(phone, "STOP"), Status.SUPPRESSED, why)


def _order(phone: str):
    milk, _ = Product.objects.get_or_create(name="Cow milk", unit="500 ml", defaults={"price": 32})
    return actions.place_order(_customer(phone), days.today() + timedelta(days=1), [(milk, 2)])


def _customer(phone: str) -> Customer:
    return Customer.objects.create(name="Asha", phone=phone, language="en")


def _first_to(phone: str) -> int:
    return Message.objects.get(phone=phone).pk


def _act(cases: Iterable[Case]) -> None:
    """Change everybody's mind; returns when what was written has been obeyed."""
    for case in cases:
        case.act()
    gone = {case.phone for case in cases if case.becomes == Status.SUPPRESSED}
    off = NotificationPreference.objects.filter(phone__in=gone, enabled=False)
    wait_until("STOP is obeyed", lambda: off.count() == len(gone), 30)


def _compare(sandbox: Sandbox, seen: Seen, when: str, case: Case, ending: Ending) -> None:
    """A message that was accepted, and known to be, is sent; any other one ended, and says why."""
    message = Message.objects.get(pk=case.message)
    taken = sum(one["text"] == message.text for one in sandbox.messages(case.phone))
    is_sent = ending.is_taken and ending.is_known
    fine = taken == ending.is_taken and message.status == (Status.SENT if is_sent else case.becomes)
    if not is_sent:
        says_maybe = "MyOperator may have it" in message.error
        fine = fine and case.why in message.error and says_maybe == (not ending.is_known)
    said = f" ({message.error})" if message.error else ""
    seen.check(f"{when}: {message.status}{said}, accepted {taken}", fine)

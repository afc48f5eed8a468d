"""Row 14: two beats and two workers, a beat that was dead for days, a nightly job killed half done."""

import contextlib
import os
import signal
from collections.abc import Iterator
from datetime import date, time, timedelta

from django.db import connection
from django.db.models import Min
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from benchmarks.faults.ground import Beside, Ground
from benchmarks.faults.processes import children, main
from benchmarks.faults.rows import Seen, row, wait_until
from benchmarks.faults.truth import Status, all_are, reckon
from delivery.models import Delivery
from earlybird.stack import Stack
from jobs.models import Job, JobRun
from notifications.models import Message
from orders import days
from orders.cutoff import NIGHTLY_ORDERS, cut_off
from orders.models import Customer, Order, OrderItem, Product, Subscription

CUSTOMERS = 4000  # every other one with two subscriptions
REMINDERS = "delivery_reminders"
WITNESS, BEFORE = (
    "churn_risk",
    time(20, 58),
)  # a job that staff set so late: it was ticked, and it is not 21:00 yet
FIRST, SECOND = "first", "second"  # what the workers are called at the database
HOLDER = """SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND application_name <> ''"""


@row(
    14,
    "two beats, two workers; beat dead for two days; the nightly job killed half done",
    "no doubles; each missed day caught up once, none before its cut-off; reminders once",
)
def nights(ground: Ground, seen: Seen) -> None:
    _shop()
    first = days.today() + timedelta(days=1)
    ground.clock.be_at(days.moment(first, time(20, 59)))
    with (
        ground.stack({"dispatch", "jobs"}, PGAPPNAME=FIRST) as stack,
        ground.also("jobs", "-n", "second@%h", PGAPPNAME=SECOND) as second,
    ):
        with _two_beats(ground):
            _evening(ground, seen, first)
        last = first + timedelta(days=3)
        ground.clock.be_at(days.moment(last, time(5)))  # nobody ticks
        with _two_beats(ground):
            _made_up(seen, last)
            _killed(ground, seen, stack, second, last)
    _each_once(ground, seen, first, last)


def _shop() -> None:
    """In bulk, so that nobody is told of a subscription; and beat ticks every second."""
    milk, curd = (Product.objects.create(name=name, unit="500 ml", price=32) for name in ("Milk", "Curd"))
    customers = Customer.objects.bulk_create(
        Customer(name="Asha", phone=f"+9160{serial:08d}", language="en") for serial in range(CUSTOMERS)
    )
    wanted = [(one, milk) for one in customers] + [(one, curd) for one in customers[::2]]
    Subscription.objects.bulk_create(
        Subscription(customer=customer, product=product, start=days.today()) for customer, product in wanted
    )
    second, _ = IntervalSchedule.objects.get_or_create(every=1, period="seconds")
    PeriodicTask.objects.filter(task="jobs.tasks.tick").update(interval=second)
    Job.objects.filter(pk=WITNESS).update(at=BEFORE)


@contextlib.contextmanager
def _two_beats(ground: Ground) -> Iterator[None]:
    with ground.also("beat"), ground.also("beat"):
        yield


def _evening(ground: Ground, seen: Seen, evening: date) -> None:
    wait_until("ticked before the cut-off", lambda: _is_done(WITNESS, evening), 60)
    seen.check(f"before the cut-off {Order.objects.count()} orders", not Order.objects.exists())
    ground.clock.be_at(cut_off(evening + timedelta(days=1)))
    took = wait_until("the evening's jobs are done", lambda: _is_done(REMINDERS, evening), 60)
    seen.note(f"the evening took {took:.0f} s")
    _orders_of(seen, "two beats", evening + timedelta(days=1))
    _reminded(ground, seen)


def _made_up(seen: Seen, today: date) -> None:
    """The evening before last is over with its day; last evening's orders are still brought."""
    yesterday = today - timedelta(days=1)
    wait_until("the missed evenings are made up", lambda: _is_done(REMINDERS, yesterday), 60)
    too_late = Order.objects.filter(delivery_date__lt=today, delivery_date__gt=today - timedelta(days=2))
    seen.check(f"beat back: {too_late.count()} orders for a day that is over", not too_late.exists())
    _orders_of(seen, "made up for today", today)
    early = Order.objects.filter(delivery_date__gt=today).count()
    seen.check(f"{early} for tomorrow, whose cut-off is to come", not early)


def _killed(ground: Ground, seen: Seen, stack: Stack, second: Beside, evening: date) -> None:
    ground.clock.be_at(cut_off(evening + timedelta(days=1)))
    wait_until("the nightly job is half done", lambda: 0 < _done_of(evening) < CUSTOMERS, 60, 0.005)
    worker = _holder()
    _kill(stack, second, worker)
    left = Order.objects.filter(delivery_date=evening + timedelta(days=1)).count()
    wait_until("the evening's jobs are done", lambda: _is_done(REMINDERS, evening), 60)
    tries = JobRun.objects.get(job=NIGHTLY_ORDERS, day=evening).tries
    seen.check(
        f"{worker} worker killed after {left:,} orders; done at try {tries}",
        0 < left < CUSTOMERS and tries == 2,
    )
    _orders_of(seen, "after the kill", evening + timedelta(days=1))
    _reminded(ground, seen)


def _is_done(code: str, day: date) -> bool:
    return JobRun.objects.filter(job=code, day=day, state=JobRun.State.DONE).exists()


def _done_of(evening: date) -> int:
    run = JobRun.objects.filter(job=NIGHTLY_ORDERS, day=evening, state=JobRun.State.RUNNING).first()
    return run.done if run else 0


def _holder() -> str:
    """Which worker is at the job: the one that holds its lock."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER)
        return cursor.fetchone()[0]


def _kill(stack: Stack, second: Beside, worker: str) -> None:
    """The whole worker, as when its machine goes."""
    pid = main(stack, "jobs") if worker == FIRST else second.process.pid
    for process in (pid, *children(pid)):
        os.kill(process, signal.SIGKILL)


def _orders_of(seen: Seen, what: str, day: date) -> None:
    """An order for each customer, an item for each subscription, a delivery for each order, after the cut-off."""
    orders = Order.objects.filter(delivery_date=day)
    items = OrderItem.objects.filter(order__delivery_date=day)
    found = (
        orders.count(),
        orders.values("customer").distinct().count(),
        Delivery.objects.filter(date=day).count(),
    )
    brought = (items.count(), items.values("subscription").distinct().count())
    first = orders.aggregate(at=Min("created_at"))["at"]
    fine = set(found) == {CUSTOMERS} and set(brought) == {Subscription.objects.count()}
    seen.check(
        f"{what}: {found[0]:,} orders for {found[1]:,} customers, {found[2]:,} deliveries, {brought[0]:,} items",
        fine and first is not None and first >= cut_off(day),
    )


def _reminded(ground: Ground, seen: Seen) -> None:
    """The reminders of this evening are sent, each once."""
    ids = list(Message.objects.order_by("-pk").values_list("pk", flat=True)[:CUSTOMERS])
    wait_until("the reminders are sent", lambda: all_are(ids, Status.SENT), 60, 0.2)
    truth = reckon(ground.sandbox, ids)
    seen.check(f"reminders: {truth}", truth.fine and not truth.twice)


def _each_once(ground: Ground, seen: Seen, first: date, last: date) -> None:
    """Each job's each day was done, by one worker, once; and nobody was reminded of a delivery twice."""
    missed = (last - first).days + 1
    for code in (NIGHTLY_ORDERS, REMINDERS):
        runs = JobRun.objects.filter(job=code, day__range=(first, last), state=JobRun.State.DONE)
        seen.check(f"{code}: {runs.count()} of {missed} days done", runs.count() == missed)
    again = JobRun.objects.filter(tries__gt=1).exclude(job=NIGHTLY_ORDERS, day=last).count()
    seen.check(f"{again} other days tried twice", not again)
    reminders = Message.objects.filter(kind="delivery_reminder")
    doubles = reminders.count() - reminders.values("reference_id").distinct().count()
    twice = ground.sandbox.summary()["accepted_twice"]
    seen.check(f"{doubles} reminders made twice, {twice} messages accepted twice", not doubles and not twice)

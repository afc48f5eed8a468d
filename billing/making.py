"""Making a month's bills: for 100,000 customers, a thousand at a time, each thousand in one transaction.

`BillRun` says how far it is, and its row is locked for each chunk: whoever else makes the same bills takes the
next chunk, and a run that died goes on where it was.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery, Sum

from billing.models import Adjustment, Bill, BillRun, Payment, Refund
from billing.sums import with_sums
from notifications import clock, outbox
from orders import days, numbers
from orders.models import Customer, Order

CHUNK = 1000
LOOKS_BACK = timedelta(days=365)  # what was delivered for a day before that is not billed any more
REMINDER_LIVES = timedelta(days=7)  # made up to 3 days late, worthless 3 days after that
NOTHING = Decimal(0)


@dataclass
class Due:
    """What a customer's next bill is made of."""

    customer: int
    previous: Decimal = NOTHING
    charges: Decimal = NOTHING
    adjustments: Decimal = NOTHING
    paid: Decimal = NOTHING  # credit that was on no bill yet
    orders: tuple[int, ...] = ()
    owes: bool = False  # on one of the bills there are, whatever credit there may be on another

    @property
    def total(self) -> Decimal:
        return self.previous + self.charges + self.adjustments

    @property
    def is_worth_a_bill(self) -> bool:
        """Credit alone is not: it waits for the next order."""
        return bool(self.charges or self.adjustments or self.owes)

    @property
    def status(self) -> Bill.Status:
        if self.total <= self.paid:
            return Bill.Status.PAID
        return Bill.Status.PARTIALLY_PAID if self.paid > 0 else Bill.Status.OPEN


def make_bills(month: date, progress) -> BillRun:
    """Make what is missing of a month's bills. `month` is its first day."""
    run, _ = BillRun.objects.get_or_create(month=month)
    total = Customer.objects.filter(erased_at=None).count()
    while run.finished_at is None:
        run = _make_chunk(run)
        progress(run.customers, max(total, run.customers))
    return run


def month_before(day: date) -> date:
    """The first day of the month whose bills are made on `day`, or as soon as possible after it."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def will_carry(bill: Bill, day: date) -> bool:
    """Whether making bills on `day` puts what is owed on this one on a new one, which is due later."""
    month = month_before(day)
    is_made = BillRun.objects.filter(month=month, finished_at__isnull=False).exists()
    return not is_made and not Bill.objects.filter(month=month, customer=bill.customer_id).exists()


@transaction.atomic
def _make_chunk(run: BillRun) -> BillRun:
    run = BillRun.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is not None:
        return run
    ahead = Customer.objects.filter(pk__gt=run.last_customer, erased_at=None).order_by("pk")
    # Locked like `lock_account` does: no money of theirs moves meanwhile.
    customers = list(ahead.select_for_update(no_key=True).values_list("pk", flat=True)[:CHUNK])
    if customers:
        run.last_customer = customers[-1]
        run.customers += len(customers)
        run.bills += _bill(customers, run.month)
    else:
        run.finished_at = clock.now()
    run.save()
    return run


def _bill(customers: list[int], month: date) -> int:
    """Make the bills of these customers, whose accounts are locked. Returns how many there are to make."""
    dues = [due for due in _dues(customers, month) if due.is_worth_a_bill]
    if dues:
        bills = _record(dues, month)
        _put_on(bills, dues)
        _carry(bills)
    return len(dues)


def _dues(customers: list[int], month: date) -> list[Due]:
    have_one = Bill.objects.filter(month=month, customer__in=customers).values_list("customer", flat=True)
    dues = {pk: Due(pk) for pk in sorted(set(customers) - set(have_one))}
    of = {"customer__in": list(dues)}
    for customer, stands in with_sums(Bill.objects.filter(carried_to=None, **of)).values_list(
        "customer", "stands"
    ):
        dues[customer].previous += stands
        dues[customer].owes |= stands > 0
    for customer, charges, orders in _delivered(list(dues), month):
        dues[customer].charges, dues[customer].orders = charges, tuple(orders)
    for customer, amount in _loose(Adjustment, list(dues)):
        dues[customer].adjustments = amount
    for model, sign in ((Payment, 1), (Refund, -1)):
        for customer, amount in _loose(model, list(dues)):
            dues[customer].paid += sign * amount
    return list(dues.values())


def _delivered(customers: list[int], month: date):
    """(customer, rupees, order ids): delivered by the end of the month, and on no bill."""
    rows = Order.objects.filter(
        customer__in=customers,
        delivery_date__gte=month - LOOKS_BACK,
        delivered_at__lt=days.moment(next_month(month), time.min),
        billed=None,
    )
    return rows.order_by().values_list("customer").annotate(charges=Sum("total"), ids=ArrayAgg("pk"))


def _loose(model, customers: list[int]):
    rows = model.objects.filter(bill=None, customer__in=customers)
    return rows.order_by().values_list("customer").annotate(rupees=Sum("amount"))


def _record(dues: list[Due], month: date) -> list[Bill]:
    prefix, due_date = Bill.prefix(month), days.today() + timedelta(days=settings.BILL_DUE_DAYS)
    # The prefix's row is locked by now only for who makes a bill of this month by hand; so no number is lost.
    given = numbers.following(prefix, len(dues))
    return Bill.objects.bulk_create(
        Bill(
            customer_id=due.customer,
            number=number,
            month=month,
            previous_balance=due.previous,
            charges=due.charges,
            adjustments=due.adjustments,
            amount=max(due.total, NOTHING),
            due_date=due_date,
            status=due.status,
        )
        for number, due in zip(given, dues, strict=True)
    )


_LINES = """
INSERT INTO billing_billedorder (bill_id, order_id, amount)
SELECT given.bill, o.id, o.total FROM unnest(%s::bigint[], %s::bigint[]) AS given(bill, "order")
JOIN orders_order o ON o.id = given."order" ORDER BY o.id
"""


def _put_on(bills: list[Bill], dues: list[Due]) -> None:
    """Its orders, and what was on no bill yet."""
    pairs = [(bill.pk, order) for bill, due in zip(bills, dues, strict=True) for order in due.orders]
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [list(column) for column in zip(*pairs, strict=True)])
    for model in (Adjustment, Payment, Refund):
        _rows(model.objects.filter(bill=None), bills).update(bill=_new(bills))


def _carry(bills: list[Bill]) -> None:
    """The new ones take over what the old ones stood at; nobody is reminded of those any more."""
    old = _rows(Bill.objects.filter(carried_to=None), bills).exclude(pk__in=[bill.pk for bill in bills])
    # Only where a reminder may still wait: for each bill of a large shop it would take longer than all the rest.
    waits = old.exclude(status=Bill.Status.PAID).filter(reminded_for__gte=days.today() - REMINDER_LIVES)
    reminded = list(waits.values_list("pk", flat=True))
    old.update(carried_to=_new(bills))
    for pk in reminded:
        outbox.withdraw(f"bill_{pk}", ("payment_reminder",), "the next bill has it")
    paid = [bill.customer_id for bill in bills if bill.status == Bill.Status.PAID]
    carried = Bill.objects.filter(customer__in=paid, carried_to__isnull=False)
    carried.exclude(status=Bill.Status.PAID).update(status=Bill.Status.PAID)


def _rows(rows, bills: list[Bill]):
    return rows.filter(customer__in=[bill.customer_id for bill in bills])


def _new(bills: list[Bill]) -> Subquery:
    mine = Bill.objects.filter(pk__in=[bill.pk for bill in bills], customer=OuterRef("customer"))
    return Subquery(mine.order_by().values("pk")[:1])


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)

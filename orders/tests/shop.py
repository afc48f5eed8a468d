"""What tests of days share: a plain calendar, moments in India, and a shop of many."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from orders.models import Customer, Subscription

IST = ZoneInfo("Asia/Kolkata")
FIRST = date(2026, 11, 23)  # a Monday
DAYS = 14
EVENING = FIRST
DAY = EVENING + timedelta(days=1)
some_day = st.integers(-5, DAYS + 5).map(lambda number: FIRST + timedelta(days=number))


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), IST)


@st.composite
def terms(draw):
    """What a subscription may be asked for, as fields of its row."""
    start = draw(some_day)
    pattern = draw(st.sampled_from(["daily", "alternate_days", "weekly", "custom_days"]))
    most = {"weekly": 1, "custom_days": 7}.get(pattern, 0)
    weekdays = st.sets(st.integers(0, 6), min_size=int(pattern == "custom_days"), max_size=most)
    length = draw(st.none() | st.integers(0, DAYS))
    return {
        "quantity": draw(st.integers(1, 3)),
        "pattern": pattern,
        "weekdays": sorted(draw(weekdays)),
        "start": start,
        "end": None if length is None else start + timedelta(days=length),
    }


@st.composite
def pauses(draw):
    """Pauses as (from, resume or None); they may overlap."""
    begun = draw(st.lists(st.tuples(some_day, st.none() | st.integers(1, 6)), max_size=3))
    return [(day, None if length is None else day + timedelta(days=length)) for day, length in begun]


overrides = st.dictionaries(some_day, st.integers(0, 4), max_size=4)


def expected(terms, pauses, overrides) -> dict[date, int]:
    """Day → quantity of FIRST and the two weeks from it, written down day by day as one would on paper."""
    last = FIRST + timedelta(days=DAYS)
    sheet: dict[date, int] = {}
    step = 2 if terms["pattern"] == "alternate_days" else 1
    weekdays = set(terms["weekdays"])
    if terms["pattern"] == "weekly" and not weekdays:
        weekdays = {terms["start"].weekday()}
    day, until = terms["start"], min(terms["end"] or last, last)
    while day <= until:
        if not weekdays or day.weekday() in weekdays:
            sheet[day] = terms["quantity"]
        day += timedelta(days=step)
    sheet |= {day: many for day, many in overrides.items() if terms["start"] <= day <= until}
    for begins, resumes in pauses:
        gone = [day for day in sheet if day >= begins and not (resumes and day >= resumes)]
        for day in gone:
            del sheet[day]
    return {day: many for day, many in sheet.items() if many and day >= FIRST}


def silent(done, total=None):
    """Nobody looks at the progress."""


def shop_of(number, product):
    """So many more customers with a subscription of one product each."""
    customers = Customer.objects.bulk_create(
        Customer(name=f"Person {serial}", phone=f"+9170{serial:08d}") for serial in range(number)
    )
    Subscription.objects.bulk_create(
        Subscription(customer=customer, product=product, start=DAY) for customer in customers
    )

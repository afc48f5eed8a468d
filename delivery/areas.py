"""A day with more stops than one page can show: its areas, counted, each with a sheet of its own."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Upper

from delivery.models import Delivery
from orders.models import OrderItem, Product

MOST = 3000  # stops on one page: that takes a second, and a day of 100,000 would take half a minute and a gigabyte


@dataclass(frozen=True)
class Counted:
    """An area by one of the ways it is written; `unassigned` are still to be brought, and nobody has them."""

    name: str
    stops: int
    unassigned: int


def counted(rows: QuerySet[Delivery]) -> list[Counted]:
    """The areas of these deliveries, in the order of the sheet."""
    nobodys = Q(agent=None, status__in=Delivery.AHEAD)
    found = (
        # As `Route` compares them: INDIRANAGAR and Indiranagar are one.
        rows.order_by()
        .values(upper=Upper("area"))
        .annotate(name=Min("area"), stops=Count("pk"), unassigned=Count("pk", filter=nobodys))
        .values_list("name", "stops", "unassigned")
    )
    return sorted((Counted(*row) for row in found), key=lambda area: (not area.name, area.name.casefold()))


def load(rows: QuerySet[Delivery]) -> list[tuple[Product, int]]:
    """How many of each product they take in all, by name."""
    items = OrderItem.objects.filter(order__delivery__in=rows).order_by()
    totals = dict(items.values_list("product").annotate(Sum("quantity")))
    products = Product.objects.in_bulk(totals).values()
    return [(one, totals[one.pk]) for one in sorted(products, key=lambda one: (one.name, one.unit))]

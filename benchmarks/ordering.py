"""A process that places orders: a line with a number in, a line with their milliseconds out.

`50 silent` places fifty with notifications off. A process of its own, as the web is: its nudges and its Redis
troubles are not those of who measures.
"""

import json
import sys
import time
from itertools import cycle

CUSTOMERS = 3000  # so many that nobody's own pace (one message per 6 s) holds an order back


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from orders import actions, days
    from orders.models import Customer, Product

    milk, _ = Product.objects.get_or_create(name="Cow milk", unit="500 ml", defaults={"price": 32})
    # Two of these may run side by side, on one database.
    Customer.objects.bulk_create(
        [Customer(name="Asha", phone=f"+917{serial:09d}", language="en") for serial in range(CUSTOMERS)],
        ignore_conflicts=True,
    )
    customers = list(Customer.objects.filter(phone__startswith="+917").order_by("?"))
    following = cycle(customers)

    def place() -> float:
        began = time.perf_counter()
        actions.place_order(next(following), days.today(), [(milk, 2)])
        return 1000 * (time.perf_counter() - began)

    for line in sys.stdin:
        count, *silent = line.split()
        settings.EARLYBIRD_NOTIFY = not silent
        print(json.dumps([round(place(), 3) for _ in range(int(count))]), flush=True)


if __name__ == "__main__":
    main()

"""A process that claims: a line with a number in, a line with the milliseconds of that many claims out.

Each claim is undone, so that the next meets the same queue. A process of its own, for each database one.
"""

import json
import sys
import time

BATCH = 100  # messages in a claim


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from notifications.clock import now
    from notifications.engine.claim import claim

    def one() -> float:
        with transaction.atomic():
            began = time.perf_counter()
            claimed = claim(BATCH, now(), deadline=15.0)
            took = 1000 * (time.perf_counter() - began)
            transaction.set_rollback(True)
        if len(claimed.jobs) != BATCH:
            raise RuntimeError(f"a claim brought {len(claimed.jobs)} of {BATCH}")
        return took

    for line in sys.stdin:
        print(json.dumps([round(one(), 3) for _ in range(int(line))]), flush=True)


if __name__ == "__main__":
    main()

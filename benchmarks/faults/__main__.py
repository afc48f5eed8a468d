"""`make faults`: break the running system on purpose. `python -m benchmarks.faults 1 8` plays only those rows."""

import argparse
import importlib
import sys
import time
import traceback

from benchmarks.faults import ground
from benchmarks.faults.rows import ROWS, Row, Seen, head, printed

MODULES = (
    "workers",
    "stops",
    "broker",
    "providers",
    "outages",
    "receipts",
    "nights",
    "second_thoughts",
    "web",
    "database",
    "refusals",
    "poison",
    "crowds",
)
LAST_WORDS = 40  # lines of the stack that are shown when a row failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, help="rows of the table (default: all there are)")
    wanted = parser.parse_args().rows
    with ground.prepared() as here:
        for module in MODULES:  # they need Django, which `prepared` has set up
            importlib.import_module(f"benchmarks.faults.{module}")
        unknown = set(wanted) - set(ROWS)
        if unknown:
            parser.error(f"there is no row {min(unknown)} yet; there are {sorted(ROWS)}")
        return play_all(here, [ROWS[number] for number in sorted(wanted or ROWS)])


def play_all(here: ground.Ground, rows: list[Row]) -> int:
    """Play the rows, print each as it ends; 1 when one failed."""
    print(head(), flush=True)
    verdicts = [play(here, found) for found in rows]
    return 0 if all(verdicts) else 1


def play(here: ground.Ground, found: Row) -> bool:
    seen, began = Seen(), time.monotonic()
    try:
        here.fresh()
        found.play(here, seen)
    except TimeoutError as error:
        seen.check(str(error), fine=False)
    except Exception as error:  # noqa: BLE001 (the other rows are played all the same)
        traceback.print_exc()
        seen.check(f"{type(error).__name__}: {error}", fine=False)
    print(printed(found, seen, time.monotonic() - began), flush=True)
    if not seen.fine:
        print(
            "\n".join(["    The stack said last:", *(line[:200] for line in list(here.said)[-LAST_WORDS:])]),
            file=sys.stderr,
            flush=True,
        )
    return seen.fine


if __name__ == "__main__":
    sys.exit(main())

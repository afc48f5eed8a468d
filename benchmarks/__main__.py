"""`make bench`: the table. `python -m benchmarks 1 3` prints only those rows; `--pairs 2` is quicker and rougher."""

import argparse
import sys

from benchmarks import setting
from benchmarks.table import show

DRAIN_ROWS = {1, 2, 3}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", type=int, help="rows of the table (default: all that are measured)"
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often the sides are measured in turn")
    parser.add_argument("--messages", type=int, default=20_000, help="due messages in one drain")
    wanted = parser.parse_args()
    rows = set(wanted.rows) or DRAIN_ROWS
    unknown = rows - DRAIN_ROWS
    if unknown:
        parser.error(f"row {min(unknown)} is not measured yet; there are {sorted(DRAIN_ROWS)}")
    with setting.prepared() as bench:
        from benchmarks import drain  # needs Django, which `prepared` has set up

        return show(drain.measure(bench, pairs=wanted.pairs, messages=wanted.messages), rows)


if __name__ == "__main__":
    sys.exit(main())

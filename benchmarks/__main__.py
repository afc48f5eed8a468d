"""`make bench`: the table. `python -m benchmarks 1 3` prints only those rows; `--pairs 2` is quicker and rougher."""

import argparse
import importlib
import sys

from benchmarks import setting
from benchmarks.table import Row, show

# What is measured together: module, its rows, and which options it takes.
MODULES = (
    ("drain", {1, 2, 3}, ("messages",)),
    ("orders", {4}, ()),
    ("redis_away", {5}, ()),
    ("promptness", {6}, ()),
    ("pace", {7}, ()),
    ("reading", {9}, ("log",)),
    ("claims", {10}, ("log",)),
    ("receiving", {11}, ("receipts",)),
    ("sustained", {12}, ("receipts",)),
    ("immediate", {13}, ()),
    ("memory", {14}, ()),
    ("nights", {8, 15}, ("subscriptions",)),
)
MEASURED = sorted(number for _, numbers, _ in MODULES for number in numbers)


def main() -> int:
    wanted = _asked()
    rows: list[Row] = []
    with setting.prepared() as bench:
        for name, numbers, options in MODULES:
            if numbers & set(wanted.rows):
                module = importlib.import_module(f"benchmarks.{name}")  # needs Django, which is set up now
                given = {option: getattr(wanted, option) for option in options}
                rows += module.measure(bench, pairs=wanted.pairs, **given)
        return show(rows, set(wanted.rows))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", type=int, help="rows of the table (default: all that are measured)"
    )
    parser.add_argument("--pairs", type=int, default=5, help="how often the sides are measured in turn")
    parser.add_argument("--messages", type=int, default=20_000, help="due messages in one drain")
    parser.add_argument("--log", type=int, default=1_000_000, help="messages in the log of row 9")
    parser.add_argument("--receipts", type=int, default=18_000, help="receipts in a turn of rows 11 and 12")
    parser.add_argument("--subscriptions", type=int, default=100_000, help="of the shop of row 15")
    wanted = parser.parse_args()
    wanted.rows = wanted.rows or MEASURED
    if unknown := set(wanted.rows) - set(MEASURED):
        parser.error(f"row {min(unknown)} is not measured yet; there are {MEASURED}")
    if wanted.log < 20_000:
        parser.error("--log is at least 20000: the other side has 10,000")
    return wanted


if __name__ == "__main__":
    sys.exit(main())

"""How many messages of each day and kind stand where, and how long it took to send them.

    transition.move, outbox.record ──► StatusChange (−old, +new) ──fold──► StatusCount      the roll-up
                                       └────────────── report() reads both ──────────┘

All numbers come from the roll-up; one customer's are counted from the log, by its index on the phone.
"""

from notifications.statistics.figures import Tally
from notifications.statistics.report import Span, report, tallies
from notifications.statistics.roll_up import Mended, fold, recount

__all__ = ["Mended", "Span", "Tally", "fold", "recount", "report", "tallies"]

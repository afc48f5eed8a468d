"""What happens to bills and disputes. Every action may be repeated: the second time changes nothing."""

from billing.actions.bill import settle
from billing.actions.dispute import open_dispute, refuse, settle_by_adjustment, settle_by_redelivery

__all__ = ["open_dispute", "refuse", "settle", "settle_by_adjustment", "settle_by_redelivery"]

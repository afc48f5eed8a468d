"""The desk for money. What was recorded is not edited: an adjustment or a refund puts it right."""

from billing.admin.account import AccountAdmin
from billing.admin.adjustment import AdjustmentAdmin
from billing.admin.bill import BillAdmin
from billing.admin.dispute import DisputeAdmin
from billing.admin.payment import PaymentAdmin, RefundAdmin

__all__ = ["AccountAdmin", "AdjustmentAdmin", "BillAdmin", "DisputeAdmin", "PaymentAdmin", "RefundAdmin"]

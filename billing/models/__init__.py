"""What a customer owes, and what they paid. Money that was recorded is not edited; it is put right by more of it.

At every moment, for every customer:

    balance = delivered orders + adjustments − payments + refunds
            = what its bills that nothing carried further stand at + what is on no bill yet
"""

from billing.models.account import Account
from billing.models.adjustment import Adjustment
from billing.models.bill import Bill, BilledOrder, lock_account
from billing.models.dispute import Dispute
from billing.models.making import BillRun
from billing.models.payment import Payment, at_odds
from billing.models.refund import Refund

__all__ = [
    "Account",
    "Adjustment",
    "Bill",
    "BillRun",
    "BilledOrder",
    "Dispute",
    "Payment",
    "Refund",
    "at_odds",
    "lock_account",
]

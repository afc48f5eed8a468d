"""What orders does once a day."""

from datetime import time

from jobs.registry import DailyJob, register
from orders import churn, following, nightly
from orders.cutoff import NIGHTLY_ORDERS

register(
    DailyJob(
        code=NIGHTLY_ORDERS,
        label="Make tomorrow's orders",
        explains="The cut-off. One order for each customer is made from all subscriptions that deliver tomorrow,"
        " and its delivery. Whatever is changed after this time comes too late for tomorrow.",
        at=time(21),
        run=nightly.make_orders,
    ),
    DailyJob(
        code="follow_pauses",
        label="Pause and resume subscriptions",
        explains="Subscriptions whose pause begins today are paused, those whose pause is over are active again."
        " Which days are delivered does not hang on it: that is read from the pauses.",
        at=time(0, 5),
        run=following.follow_pauses,
    ),
    DailyJob(
        code="churn_risk",
        label="Ask customers back",
        explains="Whose subscription has been paused or over for CHURN_DAYS days, and who has no other one running,"
        " is offered 25 % off the next order for resuming within 7 days: once for each pause, and only who asked for"
        " offers. Who cancelled for good is left in peace.",
        at=time(11),
        run=churn.ask_back,
    ),
)

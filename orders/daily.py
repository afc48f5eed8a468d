"""What orders does once a day."""

from datetime import time

from jobs.registry import DailyJob, register
from orders import churn

CHURN_RISK = DailyJob(
    code="churn_risk",
    label="Ask customers back",
    explains="Whose subscription has been paused or over for CHURN_DAYS days, and who has no other one running, is "
    "offered 25 % off the next order for resuming within 7 days: once for each pause, and only who asked for offers. "
    "Who cancelled for good is left in peace.",
    at=time(11),
    run=churn.ask_back,
)

JOBS = (CHURN_RISK,)
register(*JOBS)

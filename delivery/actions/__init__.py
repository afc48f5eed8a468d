"""What happens to deliveries. Every action may be repeated: the second time changes nothing.

Those for one delivery raise ValidationError, naming the field, where they cannot be done. Those for many do what
can be done, in one transaction, and name the others (`Outcome`).
"""

from delivery.actions.delaying import Delay, Delayed, against, delay, delay_many, foresee, latest_eta
from delivery.actions.marking import mark_delivered, mark_many, mark_not_delivered
from delivery.actions.planning import call_off, plan
from delivery.actions.routes import Route, assign, assign_unassigned, send_out
from delivery.actions.rows import Outcome, Refused

__all__ = [
    "Delay",
    "Delayed",
    "Outcome",
    "Refused",
    "Route",
    "against",
    "assign",
    "assign_unassigned",
    "call_off",
    "delay",
    "delay_many",
    "foresee",
    "latest_eta",
    "mark_delivered",
    "mark_many",
    "mark_not_delivered",
    "plan",
    "send_out",
]

"""How far the making of a month's bills is."""

from django.db import models

from billing.fields import MonthField, is_first
from notifications import clock


class BillRun(models.Model):
    """One month's bills, made chunk by chunk in the order of customers. Once it is finished nothing is added."""

    month = MonthField(unique=True)
    last_customer = models.BigIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    bills = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-month",)
        constraints = (models.CheckConstraint(condition=is_first("month"), name="bill_run_month_is_first"),)

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

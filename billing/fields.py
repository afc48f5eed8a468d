"""A month, kept as its first day."""

from datetime import date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from notifications import clock


class MonthField(models.DateField):
    """Takes any day of the month, a moment, or `2026-11`; keeps `2026-11-01`."""

    description = "Month"
    default_validators = [
        MinValueValidator(date(2000, 1, 1), "This is no month of ours: give one since 2000."),
        MaxValueValidator(date(2099, 12, 31), "This is no month of ours: give one before 2100."),
    ]

    def to_python(self, value):
        if isinstance(value, datetime):
            value = clock.day_of(value)
        if isinstance(value, str) and value.count("-") == 1:
            value = f"{value}-01"
        day = super().to_python(value)
        return day and date(day.year, day.month, 1)

    def pre_save(self, model_instance, add):
        """What a shell or an import saves is the first of its month like what went through a form."""
        month = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, month)
        return month


def is_first(field: str) -> models.Q:
    """For a CheckConstraint: what `update()` writes past `MonthField` is a month all the same."""
    return models.Q(**{f"{field}__day": 1})

"""How far each row of numbers is."""

from django.db import models


class Count(models.Model):
    """The last number taken of a prefix: `EB-20261122` → 42. `orders.numbers.take` moves it."""

    prefix = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04}"

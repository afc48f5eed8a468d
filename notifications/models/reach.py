"""How many people one sending number wrote to in the last 24 hours, as it was counted last."""

from django.db import models


class Reach(models.Model):
    """One row per sending number. Apart from `Channel`, which every claim locks; `tier.count` writes it."""

    number = models.CharField(max_length=32, unique=True)
    people = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    warned = models.PositiveSmallIntegerField(
        default=0, help_text="Percent of the tier that the log has warned of."
    )

    def __str__(self) -> str:
        return f"{self.number}: {self.people}"

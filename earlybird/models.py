"""What the wiring itself keeps."""

from django.db import models


class GivenRight(models.Model):
    """A group was given this right, once: what the shop's admin takes away later stays away.

    By name, not by reference: a group that was deleted does not come back with the next migration.
    """

    group = models.CharField(max_length=150)
    right = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("group", "right"), name="right_given_once"),)

    def __str__(self) -> str:
        return f"{self.group}: {self.right}"

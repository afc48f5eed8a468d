"""Rows that tell a customer something when they are saved."""

from django.db import models, transaction


class Announced(models.Model):
    """The row and the message its post_save receiver records commit or fail together.

    Django sends post_save after `save()`'s own transaction has closed; a crash between the two would keep the
    row and lose the message. No savepoint: inside a transaction this costs nothing.
    """

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

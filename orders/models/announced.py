"""Rows that tell a customer something when they are saved."""

from django.db import models, transaction

READ_AS = (models.DateField, models.TimeField, models.DecimalField)  # moments are a sort of DateField


class Announced(models.Model):
    """The row and the message its post_save receiver records commit or fail together.

    Django sends post_save after `save()`'s own transaction has closed; a crash between the two would keep the
    row and lose the message. No savepoint: inside a transaction this costs nothing.
    """

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.as_kept()
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)

    def as_kept(self) -> None:
        """Read days, moments and rupees that a program gave as text as the row will: what is told is made of them."""
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if value and isinstance(field, READ_AS) and not hasattr(value, "resolve_expression"):
                setattr(self, field.attname, field.get_prep_value(value))

"""A telephone number that is kept as E.164 however it was typed."""

from django.core.exceptions import ValidationError
from django.db import models

from notifications import phones


class PhoneField(models.CharField):
    """Accepts `98765 43210`, keeps `+919876543210`. Forms and `save()` both refuse what cannot be kept."""

    description = "Telephone number (E.164)"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 16)
        kwargs.setdefault("help_text", "As people type it: 98765 43210, or + and the country code.")
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        """Look-ups and `update()` come through here too; an empty value is left to `blank`."""
        return self._kept(value) if value else value

    def pre_save(self, model_instance, add):
        """A number saved by a shell or an import is normalised like one that went through a form."""
        try:
            number = self._kept(getattr(model_instance, self.attname))
        except ValidationError as error:
            raise ValidationError({self.name: error.messages}) from error
        setattr(model_instance, self.attname, number)
        return number

    def formfield(self, **kwargs):
        """Room for spaces and dashes, which the stored form does not have."""
        return super().formfield(**{"max_length": 40, **kwargs})

    def _kept(self, value: object) -> str:
        try:
            return phones.e164(value)
        except phones.BadPhone as error:
            raise ValidationError(str(error), code="phone") from error


def is_e164(field: str) -> models.Q:
    """For a CheckConstraint: what `update()` writes past every Python check is a number all the same."""
    return models.Q(**{f"{field}__regex": r"^\+[1-9][0-9]{7,14}$"})

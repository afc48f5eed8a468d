"""Who buys, and what there is to buy."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from notifications import clock, registry
from orders.fields import PhoneField, is_e164


class Customer(models.Model):
    """`language` is the default; what the customer chose for messages is kept with the preference."""

    name = models.CharField(max_length=100)
    phone = PhoneField(
        unique=True, error_messages={"unique": "Another customer has this phone number already."}
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customer",
        help_text="Whoever signs in as this user sees this number's messages.",
    )
    language = models.CharField(max_length=8, choices=registry.LANGUAGES, default="en")
    area = models.CharField(
        max_length=100, blank=True, db_index=True, help_text="For the route: Indiranagar."
    )
    address = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person was erased; their orders stay."
    )

    class Meta:
        ordering = ("name", "pk")
        indexes = (
            models.Index(fields=("name", "id"), name="customer_by_name"),
            models.Index(Upper("name"), name="customer_by_name_any_case"),
        )
        constraints = (models.CheckConstraint(condition=is_e164("phone"), name="customer_phone_e164"),)

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=30, help_text="What one of it is: 500 ml, 6 pieces.")
    price = models.DecimalField(max_digits=8, decimal_places=2, help_text="Rupees for one unit.")
    available_from = models.DateField(null=True, blank=True, help_text="Empty: it is there already.")

    class Meta:
        ordering = ("name", "unit")
        constraints = (
            models.UniqueConstraint(
                fields=("name", "unit"),
                name="product_once",
                violation_error_message="This product is there already in this unit.",
            ),
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="product_price_positive",
                violation_error_message="A product costs more than nothing.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.unit}"

    def refusal(self, day: date) -> str:
        """Why it cannot be had on this day; empty where it can."""
        if self.available_from and self.available_from > day:
            return f"{self} is there only from {self.available_from}."
        return ""

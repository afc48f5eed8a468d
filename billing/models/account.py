"""A customer, as the books see them."""

from orders.models import Customer


class Account(Customer):
    """A customer's account: its balance and all that moved it (`billing.account`)."""

    class Meta:
        proxy = True
        verbose_name = "account"

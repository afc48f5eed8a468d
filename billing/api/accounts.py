"""`/api/billing/accounts`: what customers owe in all."""

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view

from billing.account import with_balance
from billing.models import Account
from orders.api.access import CustomersRows
from orders.api.customers import SearchOfCustomer
from orders.api.fields import ShopSerializer
from rest.filters import Filters, Id
from rest.rupees import SignedSumField

ACCOUNT = {"id": 1, "name": "Asha Rao", "balance": "734.50"}


@extend_schema_serializer(examples=[OpenApiExample("An account", ACCOUNT, response_only=True)])
class AccountSerializer(ShopSerializer):
    """A customer, by their id, and their balance: delivered orders and adjustments, less what was paid and not given
    back. What is on no bill yet is in it, so it may be more than the open bill.
    """

    balance = SignedSumField(help_text="Rupees to pay in all; less than nothing is credit.")

    class Meta:
        model = Account
        fields = read_only_fields = ("id", "name", "balance")


class AccountFilter(Filters):
    customer = Id("pk")

    class Meta:
        model = Account
        fields = ()


@extend_schema_view(
    list=extend_schema(
        operation_id="accounts", summary="Accounts", responses={200: AccountSerializer(many=True)}
    ),
    retrieve=extend_schema(operation_id="account", summary="One account: what a customer owes in all"),
)
class Accounts(CustomersRows):
    """What customers owe in all: everybody's for staff, their own for customers."""

    queryset = with_balance(Account.objects.all())
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    filter_backends = (*CustomersRows.filter_backends[:-1], SearchOfCustomer)
    search_fields = ("name", "phone")
    customer = "pk"

"""Rows of the shop: their numbers in any form people type."""

import orders.fields
from rest.fields import PhoneField, RowSerializer


class ShopSerializer(RowSerializer):
    """A row of the shop, orders to bills."""

    serializer_field_mapping = RowSerializer.serializer_field_mapping | {orders.fields.PhoneField: PhoneField}

from datetime import date

import pytest

from billing.models import Bill
from orders.tests.conftest import asha, chitra, desk, texts_of

__all__ = ["asha", "chitra", "desk", "texts_of"]


@pytest.fixture
def bill(asha):
    """Asha's November: ₹450, due in a far December."""
    return Bill.objects.create(
        customer=asha, month=date(2026, 11, 1), amount="450.00", due_date=date(2999, 12, 5)
    )

"""JSON says yes, 5 and "five" in three ways: what is written in another way is refused, not guessed at."""

from decimal import Decimal

import pytest
from rest_framework.exceptions import ValidationError

from rest.fields import Flag, RowId, Text, Whole
from rest.rupees import PriceField, RupeesField


@pytest.mark.parametrize(
    ("field", "given"),
    [(Flag(), True), (Flag(), False), (Whole(), 5), (Whole(), 10**17), (Text(), "five"), (Text(), "5")],
)
def test_what_is_of_the_type_is_taken(field, given):
    assert field.run_validation(given) == given


@pytest.mark.parametrize(
    ("field", "given"),
    [
        *((Flag(), given) for given in (0, 1, "true", "yes", "", None, [], {})),
        *((Whole(), given) for given in ("5", "", True, 5.5, 1e400, None, [], {})),
        *((Text(), given) for given in (5, 0.5, True, None, [], {}, "\0", "\ud800")),
        *((PriceField(), given) for given in ("0", 0, "-1", "1e3", "1000000", 10**6, 0.001, "", True, None)),
        *((RupeesField(), given) for given in ("-0.01", "NaN", "Infinity", "५", 10**30, float("inf"), [])),
    ],
)
def test_what_is_of_another_is_refused(field, given):
    with pytest.raises(ValidationError):
        field.run_validation(given)


@pytest.mark.parametrize("given", ["32.5", "32.50", 32.5])
def test_a_price_may_be_a_text_or_a_number(given):
    assert PriceField().run_validation(given) == Decimal("32.50")


def test_an_id_is_a_whole_number():
    with pytest.raises(ValidationError):
        RowId(queryset=[]).run_validation("1")

import pytest
from rest_framework.exceptions import ParseError
from rest_framework.test import APIRequestFactory

from rest.parsing import Json


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN"])
def test_a_number_without_end_is_refused(number):
    """Python reads 1e400 as infinity, and a look-up by it was a 500."""
    request = APIRequestFactory().generic("POST", "/", f'{{"customer": [{number}]}}')

    with pytest.raises(ParseError):
        Json().parse(None, parser_context={"request": request})

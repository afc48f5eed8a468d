import pytest
from rest_framework.exceptions import ValidationError

from rest.fields import MomentField


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_before_all_calendars_is_refused(moment):
    with pytest.raises(ValidationError, match="out of range"):
        MomentField().to_internal_value(moment)

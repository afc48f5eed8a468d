"""What of Schemathesis's own checks cannot be asked of a shop, and what is asked instead.

`positive_data_acceptance` wants every request that the schema allows to be taken. But no schema can say which
customers there are, which phone numbers somebody answers, which day is over, or which key was used before.
So a refusal for that is right; one for the form of the request (a type, a length, a limit, a missing field) is
a schema that says too little, and a failure here as there.
"""

import re

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

OF_FORM = {
    "blank", "date", "datetime", "empty", "incorrect_type", "invalid_choice", "make_aware", "max_decimal_places",
    "max_digits", "max_length", "max_string_length", "max_value", "max_whole_digits", "min_length", "min_value",
    "not_a_dict", "not_a_list", "null", "overflow", "parse_error", "required",
}  # fmt: skip
# Not there: NUL and half characters. No text takes them, the schema's introduction says so once, and a pattern
# at each of its hundred texts would hide the patterns that say something.
_TYPE = re.compile(
    r"^(not a valid|a valid|must be|expected|enter a valid|invalid data|give 1 to)|wrong format", re.I
)


@schemathesis.check
def shop_acceptance(ctx, response, case):
    """`positive_data_acceptance`, but for what only the shop knows."""
    if response.status_code in (400, 422) and not any(map(_is_of_form, response.json()["errors"])):
        return None
    return positive_data_acceptance(ctx, response, case)


def _is_of_form(error):
    return error["code"] in OF_FORM or bool(_TYPE.search(error["detail"]))

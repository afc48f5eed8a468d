"""The style sheets: a bracket that is not closed takes the rest of a sheet with it, and no browser says a word."""

import re

import pytest
from django.conf import settings

SHEETS = sorted(settings.BASE_DIR.glob("*/static/*/*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_bracket_of_a_style_sheet_is_closed(sheet):
    depth = 0
    for sign in re.findall("[{}]", re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheet.read_text(), flags=re.DOTALL)):
        depth += 1 if sign == "{" else -1
        assert depth in (0, 1, 2)

    assert depth == 0


def test_there_are_style_sheets():
    assert len(SHEETS) > 3

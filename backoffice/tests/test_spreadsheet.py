"""Cells that a spreadsheet shows, and never runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.spreadsheet import dialled, safe

BEGINNINGS = st.sampled_from(["=", "+", "-", "@", "＝", "＋", "－", "＠"])
BLANKS = st.text(" \u00a0\u2003\t\r\n\u200b\ufeff\x0b", max_size=4)


@given(BLANKS, BEGINNINGS, st.text())
def test_what_begins_like_a_formula_is_made_text_whatever_blanks_are_before_it(blanks, beginning, rest):
    assert safe(blanks + beginning + rest) == f"'{blanks}{beginning}{rest}"


@pytest.mark.parametrize(
    "cell", ["\tAsha", "\rAsha", "\nAsha", "=1+1", "-2", "@SUM(A1)", "\t=cmd|' /C calc'!A0"]
)
def test_what_spreadsheets_are_known_to_run_is_made_text(cell):
    assert safe(cell).startswith("'")


@given(st.from_regex(r"[A-Za-z0-9अ-ह₹✓#][^\r\n]*", fullmatch=True))
def test_any_other_text_stays_as_it_is(text):
    assert safe(text) == text


@given(st.text(), st.text())
def test_a_cell_never_breaks_out_of_its_place(one, other):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([safe(one), safe(other)])
    file.seek(0)

    assert list(csv.reader(file)) == [[safe(one), safe(other)]]


def test_nothing_is_an_empty_cell():
    assert safe(None) == ""


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("+919876543210", "98765 43210"),
        ("+447911123456", "00 447911123456"),
        ("+91••••••3210", "91••••••3210"),
        ("erased-abc", "erased-abc"),
    ],
)
def test_a_number_is_readable_and_no_formula(phone, written):
    assert dialled(phone) == written
    assert safe(dialled(phone)) == written

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from notifications.formats import KINDS, LIMIT, BadValue, clean, written
from notifications.registry import LANGUAGES

CODES = [code for code, _ in LANGUAGES]
ZONED = datetime(2026, 2, 1, 2, 0, tzinfo=UTC)


def say(value: object, kind: str, language: str = "en") -> str:
    return written("x", value, kind, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "February 1"),
        ("hi", "1 फ़रवरी"),
        ("kn", "1 ಫೆಬ್ರವರಿ"),
        ("ta", "1 பிப்ரவரி"),
        ("te", "1 ఫిబ్రవరి"),
        ("mr", "1 फेब्रुवारी"),
        ("ml", "ഫെബ്രുവരി 1"),
        ("gu", "1 ફેબ્રુઆરી"),
        ("bn", "1 ফেব্রুয়ারী"),
        ("pa", "1 ਫ਼ਰਵਰੀ"),
        ("ur", "1 فروری"),
        ("hi-IN", "1 फ़रवरी"),
        ("HI_IN", "1 फ़रवरी"),
        ("xx", "February 1"),
        ("", "February 1"),
    ],
)
def test_a_date_reads_in_the_customers_language(language: str, text: str):
    assert say("2026-02-01", "date", language) == text


@pytest.mark.parametrize(
    "value",
    ["2026-02-01", " 2026-02-01 ", date(2026, 2, 1), datetime(2026, 2, 1, 23), ZONED, "2026-01-31T20:00:00Z"],
)
def test_a_date_is_the_day_in_india(value: object):
    assert say(value, "date") == "February 1"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "November 2026"), ("hi", "नवंबर 2026"), ("te", "నవంబర్ 2026"), ("ml", "2026 നവംബർ")],
)
@pytest.mark.parametrize("value", ["2026-11", "2026-11-05", date(2026, 11, 1)])
def test_a_month_reads_with_its_year(value: object, language: str, text: str):
    assert say(value, "month", language) == text


@pytest.mark.parametrize(
    "value", ["tomorrow", "next Monday", "2026-02-30", "2026-13-01", "20260201", "2026-W05-7"]
)
def test_what_reads_as_text_already_is_no_date(value: str):
    assert say(value, "date") == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("123456.50", "1,23,456.50"),
        (Decimal("123456.5"), "1,23,456.50"),
        (123456.5, "1,23,456.50"),
        (123456, "1,23,456"),
        ("450.00", "450"),
        (Decimal("450.00"), "450"),
        (450.0, "450"),
        ("999", "999"),
        ("1000", "1,000"),
        ("100000", "1,00,000"),
        (123456789012, "1,23,45,67,89,012"),
        (0.1 + 0.2, "0.30"),
        (1.005, "1.01"),
        ("2.675", "2.68"),
        (-1234567, "-12,34,567"),
        ("-100.5", "-100.50"),
        ("-0.001", "0"),
        (0, "0"),
        (Decimal("1E+5"), "1,00,000"),
        (Decimal("0E+99999"), "0"),
        ("007", "7"),
    ],
)
def test_money_is_grouped_the_indian_way(value: object, text: str):
    assert say(value, "money") == text


@pytest.mark.parametrize("value", ["₹450", "1,23,456.50", "four hundred", "1e5", "free", "9" * 40, "४५०"])
def test_what_reads_as_text_already_is_no_money(value: str):
    assert say(value, "money") == value


@pytest.mark.parametrize(
    "value",
    ["NaN", " nan ", "-sNaN12", "Infinity", "-inf", "+INF", "1e1000000", "1.5E+99", ".5e16", "1e" + "9" * 30],
)
def test_text_of_a_number_that_is_none_is_no_money(value: str):
    with pytest.raises(BadValue, match="`x` is too large, or not a number"):
        say(value, "money")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("07:30", "7:30 AM"),
        ("07:30:00", "7:30 AM"),
        ("7:30", "7:30 AM"),
        ("00:05", "12:05 AM"),
        ("12:00", "12:00 PM"),
        ("19:30:59.123", "7:30 PM"),
        (time(19, 30), "7:30 PM"),
        (time(0, 0), "12:00 AM"),
        ("2026-02-01T02:00:00Z", "7:30 AM"),
        ("2026-02-01T07:30:00+05:30", "7:30 AM"),
        ("2026-02-01T02:00:56.956814767Z", "7:30 AM"),
        ("2026-02-01 07:30", "7:30 AM"),
        (ZONED, "7:30 AM"),
        (datetime(2026, 2, 1, 7, 30), "7:30 AM"),
    ],
)
def test_a_time_reads_on_indian_clocks(value: object, text: str):
    assert say(value, "time") == text


@pytest.mark.parametrize("value", ["7:30 AM", "soon", "25:00", "24:00", "07:60", "9999-12-31T23:59:59-05:00"])
def test_what_reads_as_text_already_is_no_time(value: str):
    assert say(value, "time") == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2, "2"),
        ("2.500", "2.5"),
        (2.0, "2"),
        (0.1 + 0.2, "0.3"),
        ("123456", "1,23,456"),
        (Decimal("1E-999999"), "0"),
    ],
)
def test_a_number_has_no_idle_zeros(value: object, text: str):
    assert say(value, "number") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("+919876543210", "+91 98765 43210"),
        ("098765-43210", "+91 98765 43210"),
        (9876543210, "+91 98765 43210"),
        ("+14155552671", "+14155552671"),
        ("the shop", "the shop"),
    ],
)
def test_a_phone_reads_in_groups(value: object, text: str):
    assert say(value, "phone") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-02-01", "2026-02-01"),
        (77, "77"),
        (450.0, "450"),
        (Decimal("12.50"), "12.50"),
        (date(2026, 2, 1), "February 1"),
        (time(7, 30), "7:30 AM"),
    ],
)
def test_a_text_is_the_value_as_it_is(value: object, text: str):
    assert say(value, "text") == text


def test_an_unknown_kind_is_text():
    assert say("2026-02-01", "colour") == "2026-02-01"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, True, False, [], {}, {"a": 1}, [1], object(), b"x"])
def test_what_nobody_could_read_is_an_error_that_names_the_variable(kind: str, value: object):
    with pytest.raises(BadValue, match="`delivery_date` is ") as error:
        written("delivery_date", value, kind, "en")
    assert error.value.variable == "delivery_date"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 1e300, 10**400, Decimal("NaN"), Decimal("sNaN"), Decimal("1E+999999")],
)
def test_a_number_beyond_all_use_is_an_error(kind: str, value: object):
    with pytest.raises(BadValue, match="too large, or not a number"):
        say(value, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_too_long_for_python_to_write_is_an_error(kind: str):
    with pytest.raises(BadValue, match="too large, or not a number"):
        say(10**5000, kind)


def test_a_moment_past_the_calendars_end_is_an_error():
    with pytest.raises(BadValue):
        say(datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))), "date")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b[31mred\x7f\x85", "[31mred"),
        ("a\ud83db", "a\ufffdb"),
        ("pay\u202eeerf\u202c \u2066now\u2069", "payeerf now"),
        ("👩\u200d👧 क्\u200dष", "👩\u200d👧 क्\u200dष"),
    ],
)
def test_what_nobody_can_see_is_taken_out(raw: str, kept: str):
    assert clean(raw) == kept


def test_a_long_text_is_cut_and_says_so():
    assert clean("x" * 5000) == "x" * (LIMIT - 1) + "…"


NO_NUMBER = re.compile(r"nan|inf|[0-9]e", re.IGNORECASE)  # as programs write them


@given(st.text(), st.sampled_from(KINDS), st.sampled_from(CODES))
def test_no_text_is_an_error_but_money_that_says_it_is_no_number(value: str, kind: str, language: str):
    assume(kind != "money" or not NO_NUMBER.search(value))
    text = say(value, kind, language)
    assert len(text) <= LIMIT
    assert "\x00" not in text
    text.encode()


@given(st.text(alphabet="0123456789-:TZ+. ", max_size=32), st.sampled_from(KINDS))
def test_nothing_that_looks_like_a_number_or_a_moment_is_an_error(value: str, kind: str):
    assert isinstance(say(value, kind), str)


@given(
    st.one_of(st.integers(), st.floats(), st.decimals(), st.dates(), st.times(), st.datetimes()),
    st.sampled_from(KINDS),
    st.sampled_from(CODES),
)
def test_any_value_reads_or_is_a_bad_value(value: object, kind: str, language: str):
    try:
        text = say(value, kind, language)
    except BadValue:
        return
    assert 0 < len(text) <= LIMIT


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_grouped_money_is_the_same_money(amount: Decimal):
    text = say(amount, "money")
    assert Decimal(text.replace(",", "")) == amount
    groups = text.lstrip("-").split(".")[0].split(",")
    assert len(groups) == 1 or len(groups[-1]) == 3
    assert all(len(group) == 2 for group in groups[1:-1])

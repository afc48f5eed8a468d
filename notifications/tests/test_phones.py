import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.phones import BadPhone, e164, mask

AS_TYPED = [
    "+919876543210",
    "9876543210",
    "98765 43210",
    "098765-43210",
    "098765 43210",
    "+91 98765 43210",
    "+91-98765-43210",
    "+91 (0) 98765 43210",
    "00919876543210",
    "0091 98765 43210",
    "91 98765 43210",
    "919876543210",
    "(98765)43210",
    "(+91) 98765 43210",
    "98765.43210",
    " 919876543210",
    " 9876543210 ",
    "98765\u00a043210",
    "98765\u201343210",
    "\u202a+91 98765 43210\u202c",
    "９８７６５４３２１０",
    "＋９１ ９８７６５ ４３２１０",
    "९८७६५ ४३२१०",
    "೯೮೭೬೫ ೪೩೨೧೦",
    "+९१९८७६५४३२१०",
]

REFUSED = [
    "5876543210",
    "+91 58765 43210",
    "+91 22 2345 6789",
    "022 2345 6789",
    "98765",
    "98765432101",
    "+9198765432101",
    "987654321",
    "98765abcde",
    "98765 43210 x12",
    "+91+9876543210",
    "++919876543210",
    "²²²²²²²²²²",
    "",
    "   ",
    "\x00",
    "+",
    "14155552671",
    "+1",
    "+1 415 555",
    "+999 1234567",
    "9" * 5000,
    "\ud800",
]


@pytest.mark.parametrize("typed", AS_TYPED)
def test_an_indian_number_is_understood_as_people_type_it(typed: str):
    assert e164(typed) == "+919876543210"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+1 (415) 555-2671", "+14155552671"),
        ("0014155552671", "+14155552671"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+971 50 123 4567", "+971501234567"),
    ],
)
def test_a_foreign_number_needs_its_country_code(typed: str, kept: str):
    assert e164(typed) == kept


def test_a_plus_that_a_url_decoded_to_a_space_is_a_plus():
    assert e164(" 14155552671") == "+14155552671"


@pytest.mark.parametrize("first", "6789")
def test_every_indian_mobile_range_is_kept(first: str):
    assert e164(f"{first}123456789") == f"+91{first}123456789"


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_mobile_number_is_refused(typed: str):
    with pytest.raises(BadPhone):
        e164(typed)


@pytest.mark.parametrize("value", [None, 9876543210, 9.5, True, [], {}, b"9876543210"])
def test_what_is_no_text_is_refused(value: object):
    with pytest.raises(BadPhone, match="A phone number is a text"):
        e164(value)


def test_a_refusal_says_what_to_do_and_masks_the_number():
    with pytest.raises(BadPhone) as refusal:
        e164("+91 58765 43210")
    message = str(refusal.value)
    assert "+91••••••3210" in message
    assert "98765 43210" in message  # the example
    assert "58765" not in message


def test_a_kept_number_is_a_plain_text():
    class Marked(str):
        __slots__ = ()

    assert type(e164(Marked("+919876543210"))) is str


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+919876543210", "+91••••••3210"),
        ("+91 98765 43210", "+91••••••3210"),
        ("9876543210", "••••••3210"),
        ("98765", "••••••"),
        ("987654", "••••••54"),
        ("hello", "••••••"),
        ("", "••••••"),
        (None, "••••••"),
        (9876543210, "••••••"),
        ("\n" * 9 + "12", "••••••"),
    ],
)
def test_a_masked_number_keeps_the_country_and_the_last_digits(phone: object, shown: str):
    assert mask(phone) == shown


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str):
    try:
        number = e164(text)
    except BadPhone:
        return
    assert e164(number) == number


@given(st.text(alphabet="0123456789+-() ०१२९\u00a0\u200e", max_size=24))
def test_what_looks_like_a_number_is_kept_once_and_for_all_or_refused(text: str):
    try:
        number = e164(text)
    except BadPhone:
        return
    assert number.startswith("+")
    assert number[1:].isdigit()
    assert e164(number) == number


@given(st.from_regex(r"\A[6-9][0-9]{9}\Z"), st.sampled_from(["{}", "0{}", "+91{}", "91 {}", "0091-{}"]))
def test_every_form_of_a_mobile_number_is_the_same_number(digits: str, form: str):
    assert e164(form.format(digits)) == f"+91{digits}"


@given(st.text())
def test_a_mask_shows_at_most_six_digits(text: str):
    assert sum(char.isdigit() for char in mask(text)) <= 6

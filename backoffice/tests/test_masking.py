"""Who sees a number whole."""

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from backoffice.masking import Looking, masked_in, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_by(rf):
    """What a page of the desk writes for a number when this user looks."""

    def seen(user, path="/admin/"):
        request = rf.get(path)
        request.user = user
        return Looking(lambda _: HttpResponse(shown("+919876543210")))(request).content.decode()

    return seen


def test_a_number_is_masked_for_who_has_not_the_right_to_see_it(seen_by):
    assert seen_by(User.objects.create(username="chitra", is_staff=True)) == "+91••••••3210"


def test_a_number_is_whole_for_who_has(seen_by):
    chitra = User.objects.create(username="chitra", is_staff=True)
    chitra.user_permissions.add(Permission.objects.get(codename="see_numbers"))

    assert seen_by(User.objects.get(pk=chitra.pk)) == "+919876543210"


def test_a_number_is_masked_where_nobody_looks(seen_by):
    assert seen_by(User(is_superuser=True, is_active=True), "/elsewhere/") == "+91••••••3210"
    assert shown("+919876543210") == "+91••••••3210"


@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        ("Call +919876543210.", "Call +91••••••3210."),
        ("Call 98765 43210, please", "Call ••••••3210, please"),
        ("09876543210", "••••••3210"),
        ('"to": "919876543210"', '"to": "••••••3210"'),
        ("tel:+447911123456", "tel:+44••••••3456"),
        ("+91 98765-43210", "+91••••••3210"),
        ("फ़ोन9876543210", "फ़ोन••••••3210"),
        ("wamid.HBgMOTE5ODc2NTQzMjEwFQIA==", "wamid.…"),
    ],
)
def test_a_number_in_words_is_masked_however_it_is_written(words, hidden):
    assert masked_in(words) == hidden


@pytest.mark.parametrize(
    "words",
    [
        "₹1,23,456.50 on 2026-11-27 at 07:30",
        "order_9876543210",
        "EB-2026-000123",
        "1764123456789",
        "event 6f9876543210aa",
        "12345 6789",
    ],
)
def test_what_is_no_number_stays(words):
    assert masked_in(words) == words


def test_a_known_number_is_found_without_its_plus():
    assert masked_in("447911123456 wrote", "+447911123456") == "+44••••••3456 wrote"


def test_markup_stays_markup():
    assert conditional_escape(masked_in(mark_safe("<b>+919876543210</b>"))) == "<b>+91••••••3210</b>"
    assert conditional_escape(masked_in("<b>")) == "&lt;b&gt;"


@given(
    digits=st.text("0123456789", min_size=9, max_size=9), first=st.sampled_from("6789"), at=st.integers(0, 9)
)
def test_no_indian_number_comes_through_whole(digits, first, at):
    number = first + digits
    written = f"{number[:at]} {number[at:]}" if at == 5 else number
    assert number not in masked_in(f"({written})").replace(" ", "")

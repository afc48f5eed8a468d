"""What was changed from one text to the next."""

import time

from hypothesis import example, given
from hypothesis import strategies as st

from notifications.differences import between

TEXT = st.text(alphabet=st.sampled_from("ab .\n{}"), max_size=120)


def shown(before, after):
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[part.what].format(part.words) for part in between(before, after))


def test_words_are_compared_and_not_letters():
    assert shown("Order confirmed.", "Order conformed.") == "Order [-confirmed-][+conformed+]."


def test_a_variable_is_one_word():
    assert shown("For {{order_id}}.", "For {{order_date}}.") == "For [-{{order_id}}-][+{{order_date}}+]."


def test_words_that_went_together_are_shown_together():
    assert shown("x y z", "a b z") == "[-x y-][+a b+] z"


def test_the_same_text_has_one_part():
    assert [part.what for part in between("Hi there", "Hi there")] == ["same"]


@given(TEXT, TEXT)
@example("a " * 300, "b a " * 250)
@example("", "")
def test_both_texts_can_be_read_from_the_parts(before, after):
    parts = between(before, after)

    assert "".join(part.words for part in parts if part.what != "new") == before
    assert "".join(part.words for part in parts if part.what != "gone") == after
    assert all(part.words for part in parts)


def test_the_longest_texts_take_no_time():
    began = time.process_time()
    between("ab " * 1365, "a b" * 1365)

    assert time.process_time() - began < 1

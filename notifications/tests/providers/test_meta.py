"""What staff read of each of Meta's codes: what happened, and what to do about it."""

import pytest

from notifications.providers import meta

STEPS = ("again", "by itself", "Check", "Ask MyOperator", "Correct", "Compare", "Shorten", "Tell", "Stop offers",
         "ame another", "Use an approved", "Nothing to do", "nothing to correct", "messages wait",
         "ask for them")  # fmt: skip


@pytest.mark.parametrize("code", sorted(meta.DOCUMENTED))
def test_each_code_has_plain_words_and_a_next_step(code):
    words = meta.failure(code).words

    assert str(code) not in words, "the code stands beside them"
    assert any(step in words for step in STEPS)
    assert words.count(".") >= 2


def test_the_words_for_a_number_that_is_not_on_whatsapp_are_as_agreed():
    words = "This number is not on WhatsApp. Check it with the customer."

    assert meta.failure(131026, "Recipient is not a WhatsApp user").words == words


def test_what_whatsapp_itself_said_follows_where_it_may_name_the_value():
    words = meta.failure(132012, "Parameter 2 is no currency").words

    assert words.startswith("A value does not have the form")
    assert words.endswith("WhatsApp said: Parameter 2 is no currency")


def test_a_code_nobody_documented_is_told_in_whatsapps_words_or_with_its_number():
    assert meta.failure(999_999, "Strange").words == "Strange"
    assert (
        meta.failure(999_999).words
        == "WhatsApp refused the message (code 999999). Ask MyOperator what it means."
    )


def test_an_explanation_fits_its_column():
    assert len(meta.failure(100, "x" * 1000).words) == meta.LONGEST

"""Outcomes added up."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from backoffice.tally import EXAMPLES, MOST_REASONS, OTHERS, Outcome, Tally

OUTCOMES = st.builds(
    Outcome,
    st.lists(st.integers(1, 99)),
    st.dictionaries(st.integers(1, 999), st.sampled_from("abc")),
    st.dictionaries(st.integers(1, 999), st.sampled_from("xyz")),
    st.builds(Counter, st.dictionaries(st.sampled_from(["utility", "marketing"]), st.integers(1, 9))),
)


@given(st.lists(OUTCOMES))
def test_a_tally_is_the_same_after_it_was_kept(outcomes):
    tally = Tally()
    for outcome in outcomes:
        tally.add(outcome)

    assert Tally.of(tally.as_json()) == tally
    assert tally.count == sum(len(outcome.ids) for outcome in outcomes)
    assert tally.left_out == sum(len(outcome.refused) for outcome in outcomes)


def test_a_reason_keeps_the_first_few_of_its_rows():
    tally = Tally()
    tally.add(Outcome(refused=dict.fromkeys(range(100), "It is read.")))

    assert tally.skipped["It is read."].count == 100
    assert tally.skipped["It is read."].examples == list(range(EXAMPLES))


def test_a_thousand_different_reasons_do_not_fill_the_page():
    tally = Tally()
    tally.add(Outcome(refused={pk: f"Because of {pk}." for pk in range(1000)}))

    assert len(tally.skipped) == MOST_REASONS + 1
    assert tally.skipped[OTHERS].count == 1000 - MOST_REASONS

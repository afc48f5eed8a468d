"""A text before it is saved: how it looks, how long it is, and what is wrong where. It may be anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import proof, registry
from notifications.sandbox.marks import as_html

KIND = registry.MessageKind(
    code="proved",
    label="Proved",
    preference="order",
    expires=None,
    variables=(
        registry.Variable("name", "text", "Asha <b>"),
        registry.Variable("day", "date", "2026-12-01"),
        registry.Variable("amount", "money", "123456.5"),
    ),
    texts={},
)


def proved(source, language="en", kind=KIND):
    return proof.proof(source, kind, language)


def places(source):
    return [(f.line, f.column, f.length, f.is_error) for f in proved(source).faults]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "December 1: ₹1,23,456.50."), ("hi", "1 दिसंबर: ₹1,23,456.50."), ("kn", "1 ಡಿಸೆಂಬರ್: ₹1,23,456.50.")],
)
def test_samples_read_as_they_do_in_that_language(language, text):
    assert proved("{{day}}: ₹{{amount}}.", language).text == text


def test_characters_are_counted_as_whatsapp_does_in_the_filled_text():
    found = proved("Hi {{name}}!")

    assert (found.filled, found.source) == (len("Hi Asha <b>!"), len("Hi {{name}}!"))


def test_a_text_that_is_too_long_is_shown_and_counted_all_the_same():
    found = proved("x" * 1100)

    assert (found.filled, len(found.text)) == (1100, 1100)
    assert "1,100 characters long; WhatsApp takes 1,024" in found.error.message
    assert len(found.faults) == 1


def test_an_unknown_variable_is_marked_where_it_stands():
    found = proved("One\nTwo {{nmae}} three").error

    assert (found.line, found.column, found.length) == (2, 7, 4)
    assert found.message == "There is no variable `nmae`; did you mean `name`?"


def test_another_mistake_marks_its_line():
    assert places("One\nDear {{name")[0] == (2, 1, len("Dear {{name"), True)


def test_what_whatsapp_dislikes_is_marked_as_far_as_it_goes():
    assert places("Hi  there,\t{{name}} {{day}}!") == [(1, 11, 1, False), (1, 21, 7, False)]


def test_a_text_without_a_kind_is_shown_as_far_as_it_can_be():
    assert proved("Hello", kind=None).text == "Hello"
    assert "`name` is missing" in proved("Hi {{name}}.", kind=None).error.message


HOSTILE = (
    "{{ ''.__class__.__mro__ }}",
    "{{" + "(" * 4000 + "}}",
    "{% if name %}" * 300,
    "{{ not " + "not " * 900 + "name }}",
    "{#" * 2000,
    "{%" * 2000,
    "_*~`" * 1024,
    "`" * 4096,
    "{{name}}" * 500,
    "x" * 100_000,
    "\u202eevil",
    "👨\u200d👩\u200d👧" * 700,
    "\0",
    "\ud800",
    "{{ name.__init__ }}",
    "{% for x in range(10**9) %}{% endfor %}",
)


@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: ascii(source[:20]))
def test_a_hostile_text_is_answered_at_once(source):
    before = time.process_time()
    found = proved(source)
    as_html((found.text or "")[: proof.SHOWN])

    assert time.process_time() - before < 0.5  # a slow machine's 50 ms
    assert found.error is not None


@given(st.text(alphabet=st.sampled_from("ab {}%#\n*_`~<>'\"|.()0👧\u200d{{name}}ifend"), max_size=200))
def test_nothing_that_is_typed_raises_and_every_mark_lies_in_its_line(source):
    found = proved(source)

    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for fault in found.faults:
        assert 1 <= fault.line <= len(lines)
        assert fault.column - 1 + fault.length <= len(lines[fault.line - 1]) or fault.length == 0
    assert (found.error is None) <= (found.text is not None)

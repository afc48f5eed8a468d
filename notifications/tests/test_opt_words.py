"""STOP and START, as people write them."""

import unicodedata

import pytest

from notifications import opt_words

GIVEN = [
    "STOP", "UNSUBSCRIBE", "OPT OUT", "CANCEL MESSAGES", "band karo",
    "बंद", "रोको", "थांबा", "ನಿಲ್ಲಿಸಿ", "நிறுத்து", "ఆపు",
]  # fmt: skip


@pytest.mark.parametrize("word", GIVEN)
@pytest.mark.parametrize(
    "written",
    ["{}", "  {} ", "{}.", "{}!!", "{}।", "\n{}\n", "*{}*", "“{}”", "{} 🛑", "{}\u200d", "\ufeff{}\u200c"],
)
def test_a_word_is_heard_with_what_people_put_around_it(word, written):
    assert opt_words.asks(written.format(word)) == "stop"


@pytest.mark.parametrize("word", ["stop", "Stop", "sToP", "Unsubscribe", "opt out", "Opt-Out",
                                  "opt  out", "OptOut", "Cancel\u00a0messages", "ＳＴＯＰ",
                                  "BAND KARO", "Band-karo"])  # fmt: skip
def test_case_and_the_space_between_do_not_matter(word):
    assert opt_words.asks(word) == "stop"


@pytest.mark.parametrize("word", [*GIVEN, "शुरू"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_either_form_of_unicode_is_heard(word, form):
    assert opt_words.asks(unicodedata.normalize(form, word))


@pytest.mark.parametrize("word", ["बन्द", "ब\u0928\u094d\u200dद", "बंद करो", "बन्द करो", "बंद करें"])
def test_one_word_is_spelt_in_more_than_one_way(word):
    assert opt_words.asks(word) == "stop"


@pytest.mark.parametrize("word", ["START", "start", "Start.", "शुरू", "शुरु", " शुरू! "])
def test_start_brings_messages_back(word):
    assert opt_words.asks(word) == "start"


@pytest.mark.parametrize(
    "text",
    [
        "stop milk tomorrow", "Please stop", "stop stop", "don't stop", "stopp", "STOP1", "s.t.o.p", "cancel",
        "Cancel messages about curd", "कल दूध बंद", "बंद मत करो", "restart", "start tomorrow", "", "   ", "🛑",
        "\u200d", "...", "stop" * 60, "STOP" + " " * 200,
    ],
)  # fmt: skip
def test_anything_more_or_else_is_no_opt_out(text):
    assert opt_words.asks(text) == ""


@pytest.mark.parametrize(
    ("word", "language"),
    [("STOP", ""), ("band karo", ""), ("बंद", "hi"), ("रोको!", "hi"), ("शुरू", "hi"), ("थांबा", "mr"),
     ("ನಿಲ್ಲಿಸಿ", "kn"), ("நிறுத்து", "ta"), (" ఆపు", "te"), ("", ""), ("🛑", "")],
)  # fmt: skip
def test_a_word_tells_its_language(word, language):
    assert opt_words.language_of(word) == language

"""`manage.py demo` by MyOperator's public API: approved templates, on a stack of its own."""

import pytest

from earlybird.tests.real import own_environment, python


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with own_environment("chatdemo", tmp_path_factory.mktemp("chat")) as env:
        yield python(
            "manage.py", "demo", "--seconds", "60", env=env | {"MYOPERATOR_API": "chat"}, timeout=150
        )


def test_all_ten_kinds_go_by_their_approved_templates_and_are_read(demo):
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "All 10 kinds were read." in demo.stdout


@pytest.mark.parametrize(
    "words",
    [
        "Hello Nisha Menon, a payment of ₹1,234.50 for",
        "✓ We received your payment of ₹450 for",
        "🆕 New at EarlyBird: Saffron milk 200 ml, available from",
        "is confirmed. Thank you.",
    ],
)
def test_the_log_shows_the_approved_words(demo, words):
    assert words in demo.stdout

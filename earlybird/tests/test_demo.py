"""`manage.py demo` on a stack of its own, with a provider that refuses one kind."""

import pytest

from earlybird.tests.real import own_environment, python


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with own_environment("demo", tmp_path_factory.mktemp("demo")) as env:
        refusing = {"SANDBOX_REFUSE": "Delivery ETA"}
        yield python("manage.py", "demo", "--seconds", "30", env=env | refusing, timeout=120)


def test_the_demo_fails_and_names_the_kind_that_did_not_arrive(demo):
    assert demo.returncode == 1
    assert "1 of 10 kinds were not read" in demo.stderr
    assert "delivery_delayed: failed" in demo.stderr


def test_the_other_nine_are_read_and_their_texts_shown(demo):
    assert demo.stdout.count(" read ") >= 9
    assert "₹1,234.50" in demo.stdout

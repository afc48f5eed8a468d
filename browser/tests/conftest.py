"""One shop and one browser for all of these tests."""

import pytest

from browser import chromium, looking, shop


@pytest.fixture(scope="session")
def open_shop():
    with shop.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def browser():
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="session")
def door(browser, open_shop):
    """A window in which nobody has signed in, for all who only look."""
    with looking.window(browser, open_shop.url) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def desk(browser, open_shop):
    """Chitra's window, for all who only look."""
    with looking.window(browser, open_shop.url) as visitor:
        yield visitor.sign_in()


@pytest.fixture
def chitra(browser, open_shop):
    """Chitra's window, for one test."""
    with looking.window(browser, open_shop.url) as visitor:
        yield visitor.sign_in().tab

"""Every page that staff can open is there, fits, and keeps nobody out."""

import pytest

from browser.looking import HEIGHT, WIDTHS
from browser.pages import PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_there_and_keeps_nobody_out(page, open_shop, desk, door):
    visitor = desk if page.signed_in else door
    visitor.tab.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    assert visitor.faults_of(page, open_shop.address(page)) == []
    assert sorted(visitor.barriers()) == []

"""Each group sees what it may do, and nothing that it may not."""

import pytest
from playwright.sync_api import expect

from browser import looking


@pytest.fixture
def support(browser, open_shop):
    """Bilal's window: he is of the group Support."""
    with looking.window(browser, open_shop.url) as visitor:
        yield visitor.sign_in("bilal").tab


def test_support_sees_how_the_channel_stands_and_no_switch(support):
    expect(support.get_by_role("main")).to_contain_text("WhatsApp channel")
    expect(support.get_by_role("link", name="Pause all messages")).to_have_count(0)


def test_support_is_refused_at_the_switch_itself(support, open_shop):
    assert support.goto(f"{open_shop.url}/admin/notifications/channel/stop").status == 403


def test_support_reads_the_log(support, open_shop):
    assert support.goto(f"{open_shop.url}/admin/notifications/message/").status == 200
    expect(support.get_by_role("link", name="Users")).to_have_count(0)

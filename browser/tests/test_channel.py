"""Staff pause all messages, and let them go again."""

import re

import pytest
from playwright.sync_api import expect

QUEUED = """
from datetime import timedelta
from notifications import clock, outbox
outbox.queue("order_confirmation", to="{to}", variables={{"order_id": "{order}"}}, reference="{order}")
"""
ASHA = "+919876543210"


@pytest.fixture(autouse=True)
def opened(open_shop):
    """However the test ends, the others find the channel open."""
    yield
    open_shop.python("from notifications import staff", "staff.resume_channel('chitra')")


@pytest.fixture
def tells(open_shop):
    """Let the shop tell Asha of an order."""

    def tell(order):
        open_shop.python(*QUEUED.format(to=ASHA, order=order).strip().splitlines())

    return tell


def test_what_is_told_while_the_channel_is_paused_waits_and_then_goes(chitra, open_shop, tells):
    chitra.get_by_role("link", name="Pause all messages").click()
    chitra.get_by_label("Why?").fill("The wrong text went out.")
    chitra.get_by_role("button", name="Pause all messages").click()
    expect(chitra.get_by_role("main")).to_contain_text("The wrong text went out.")

    tells("PAUSED-1")
    asha = chitra.context.new_page()
    asha.goto(f"{open_shop.sandbox.control_url}/phone/{ASHA}")
    expect(asha.get_by_role("log")).not_to_contain_text("PAUSED-1")
    chitra.goto(f"{open_shop.url}/admin/notifications/message/?q=PAUSED-1")
    expect(chitra.get_by_role("main")).to_contain_text(re.compile("paus|queued", re.IGNORECASE))

    chitra.goto(f"{open_shop.url}/admin/")
    chitra.get_by_role("region", name="WhatsApp channel").get_by_role("link", name="Resume").click()
    expect(chitra.get_by_role("main")).to_contain_text("Sent at once")
    chitra.get_by_role("button", name="Resume all messages").click()
    expect(asha.get_by_role("log")).to_contain_text("PAUSED-1")

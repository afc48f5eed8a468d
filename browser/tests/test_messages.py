"""Staff find a message that failed, and send it again."""

import re

import pytest
from playwright.sync_api import expect

ONCE = "+919845011223"
QUEUED = """
from notifications import outbox
outbox.queue("order_confirmation", to="{to}", variables={{"order_id": "AGAIN-1"}}, reference="again_1")
"""


@pytest.fixture
def failed(open_shop):
    """A message that MyOperator refused, and would take now."""
    rule = {"match": {"phone_suffix": ONCE[-10:]}, "play": "400", "times": 1}
    open_shop.sandbox.set(fail=[rule])
    open_shop.python(*QUEUED.format(to=ONCE).strip().splitlines())
    found = "SELECT id FROM notifications_message WHERE phone = %s AND status = 'failed'"
    yield open_shop.eventually("a refusal", found, ONCE)
    open_shop.sandbox.set(fail=[])


def test_a_failed_message_is_found_and_sent_again_until_it_is_there(chitra, open_shop, failed):
    chitra.goto(f"{open_shop.url}/admin/notifications/message/")
    chitra.get_by_role("link", name="Failed", exact=True).click()
    chitra.get_by_label("Find messages").fill(ONCE)
    chitra.get_by_role("button", name="Find").click()
    chitra.locator("#result_list a[href*='/message/']").first.click()
    expect(chitra.locator(".headline")).to_have_class(re.compile("is-failed"))

    chitra.get_by_role("button", name="Send again").click()
    expect(chitra.locator(".headline")).to_contain_text("1 message will be")  # it looks before it leaps
    chitra.get_by_role("button", name="Yes").click()
    expect(chitra.locator(".headline")).to_contain_text("Done: 1 message")

    asha = chitra.context.new_page()
    asha.goto(f"{open_shop.sandbox.control_url}/phone/{ONCE}")
    expect(asha.get_by_role("log")).to_contain_text("#AGAIN-1")


def test_what_needs_attention_is_cleared_by_its_one_button(chitra, open_shop):
    chitra.goto(f"{open_shop.url}/admin/notifications/message/attention/")
    cause = chitra.locator(".attention").filter(has_text="MyOperator had a fault")
    before = cause.locator(".attention-count strong").inner_text()
    cause.get_by_role("button", name="Send again").click()
    expect(chitra.locator(".headline")).to_contain_text(f"{before} messages will be sent again")
    chitra.get_by_role("button", name="Yes").click()
    expect(chitra.locator(".headline")).to_contain_text(f"Done: {before} messages")
    chitra.goto(f"{open_shop.url}/admin/notifications/message/attention/")
    expect(chitra.locator(".attention").first).to_be_visible()
    expect(cause).to_have_count(0)

"""A customer calls: I got no message."""

from playwright.sync_api import expect

from browser import staging


def test_the_answer_is_two_clicks_from_the_front_page(chitra):
    chitra.get_by_label("A customer calls").fill(staging.REFUSED)
    chitra.get_by_role("button", name="Find").click()  # one
    told = chitra.get_by_role("region", name="What they were told last")
    expect(told).to_contain_text("Not sent")
    told.get_by_role("link").first.click()  # two
    expect(chitra.locator(".headline")).to_contain_text("not on WhatsApp")


def test_a_name_is_enough(chitra):
    chitra.get_by_label("A customer calls").fill("Ravi Kulkarni")
    chitra.keyboard.press("Enter")
    expect(chitra.get_by_role("main")).to_contain_text("Ravi Kulkarni")
    expect(chitra.get_by_role("region", name="What they were told last")).to_be_visible()

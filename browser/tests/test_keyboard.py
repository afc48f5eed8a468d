"""Who has no mouse gets everywhere, on every page."""

import pytest
from playwright.sync_api import expect

from browser import looking


@pytest.fixture
def phone(browser, open_shop):
    """Chitra's telephone."""
    with looking.window(browser, open_shop.url, width=390) as visitor:
        yield visitor.sign_in().tab


def test_the_first_key_on_a_page_offers_to_skip_the_menu(chitra):
    chitra.goto(chitra.url + "orders/customer/")
    chitra.locator("body").press("Tab")
    expect(chitra.get_by_role("link", name="Skip the menu")).to_be_focused()
    chitra.keyboard.press("Enter")
    expect(chitra.get_by_role("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_by_key(phone):
    customers = phone.locator("#nav-sidebar").get_by_role("link", name="Customers")
    expect(customers).to_be_hidden()
    phone.get_by_role("button", name="Menu").press("Enter")
    expect(customers).to_be_visible()
    phone.get_by_role("button", name="Close").press(" ")
    expect(customers).to_be_hidden()


def test_the_dark_is_chosen_by_key(chitra):
    chitra.get_by_role("button", name="Chitra").press("Enter")
    chitra.get_by_role("button", name="Dark").press("Enter")
    expect(chitra.locator("html")).to_have_class("dark")
    chitra.reload()
    expect(chitra.locator("html")).to_have_class("dark")


def test_a_field_that_a_page_adds_later_has_a_name(chitra):
    chitra.goto(chitra.url + "orders/order/add/")
    quantities = chitra.get_by_role("spinbutton", name="Quantity")
    before = quantities.count()
    chitra.get_by_text("Add another").first.click()
    expect(quantities).to_have_count(before + 1)

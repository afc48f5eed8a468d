"""Staff write a text, see it as the customer will, try it, and go back."""

import re

import pytest
from playwright.sync_api import expect

TEXT = "/admin/notifications/messagetemplate/{}/change/"
FIND = "SELECT id FROM notifications_messagetemplate WHERE kind = %s AND language = 'en'"


@pytest.fixture
def text(chitra, open_shop):
    """The page of a text, by its kind."""

    def opened(kind):
        [[row]] = open_shop.rows(FIND, kind)
        chitra.goto(open_shop.url + TEXT.format(row))
        expect(chitra.get_by_role("toolbar")).to_be_visible()  # the editor is awake
        return chitra.get_by_label("Text of")

    return opened


@pytest.fixture
def bubble(chitra):
    return chitra.get_by_role("group", name="As the customer sees it")


def test_the_bubble_follows_what_is_written(text, bubble):
    area = text("order_confirmation")
    area.fill("Thank you, *{{customer_name}}*! _Order_ ~47~ #{{order_id}} is ```in```.\nSee you 🥛")
    expect(bubble.locator("strong, b")).to_be_visible()
    expect(bubble.locator("em, i")).to_have_text("Order")
    expect(bubble.locator("s, del")).to_have_text("47")
    expect(bubble.locator("code")).to_have_text("in")
    expect(bubble).to_contain_text("See you 🥛")
    expect(bubble).not_to_contain_text("{{")


def test_a_mistake_is_said_at_its_place_while_it_is_written(text, chitra):
    text("order_confirmation").fill("Hello {{customer_nam}}")
    expect(chitra.locator("#content-faults")).to_contain_text("customer_nam")
    expect(chitra.locator(".underlines mark")).to_have_text("{{customer_nam}}")


def test_a_test_arrives_on_the_phone_and_is_marked_in_the_log(text, chitra, open_shop):
    text("delivery_confirmed").fill("✓ A test from the desk, {{delivery_date}}.")
    number = chitra.get_by_label("To", exact=True).input_value()
    chitra.get_by_role("button", name="Send the test").click()
    phone = chitra.context.new_page()
    phone.goto(f"{open_shop.sandbox.control_url}/phone/{number}")
    expect(phone.get_by_role("log")).to_contain_text("A test from the desk")
    chitra.get_by_role("link", name="What happened").click()
    expect(chitra.get_by_role("main")).to_contain_text("test")


def test_what_was_written_and_not_saved_is_asked_about(text, chitra):
    asked = []
    area = text("order_confirmation")
    area.click()
    area.press_sequentially(" Soon!")
    chitra.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    chitra.get_by_role("link", name="हिन्दी").click()
    expect(area).to_have_value(re.compile("Soon!"))
    assert asked == ["beforeunload"]


def test_a_text_that_is_saved_is_left_without_a_question(text, chitra):
    asked = []
    chitra.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    area = text("delivery_delayed")
    area.press("End")
    area.press_sequentially(" Sorry!")
    chitra.get_by_role("button", name="Save and continue editing").click()
    expect(chitra.get_by_role("main")).to_contain_text("was changed successfully")
    chitra.get_by_role("link", name="हिन्दी").click()
    expect(chitra.get_by_label("Text of")).not_to_have_value(re.compile("Sorry!"))
    assert asked == []


def test_a_version_is_taken_back(text, chitra, bubble):
    was = text("pause_confirmation").input_value()
    text("pause_confirmation").fill("Paused. Back on {{resume_date}}!")
    chitra.get_by_role("button", name="Save", exact=True).click()
    expect(chitra.get_by_role("main")).to_contain_text("was changed successfully")
    text("pause_confirmation")
    chitra.get_by_role("link", name="All versions").click()
    chitra.get_by_role("link", name="Back to version").first.click()
    expect(chitra.get_by_role("main")).to_contain_text("What that changes")
    chitra.get_by_role("button", name="Yes, back to version").click()
    expect(text("pause_confirmation")).to_have_value(was)


def test_a_text_is_written_tried_and_saved_without_a_mouse(text, chitra, bubble):
    area = text("payment_confirmation")
    area.focus()
    chitra.keyboard.press("Control+A")
    chitra.keyboard.type("Paid ")
    _tab_to(chitra, chitra.get_by_role("button", name="{{amount}}"))
    chitra.keyboard.press("Enter")
    expect(area).to_have_value("Paid {{amount}}")
    expect(area).to_be_focused()
    chitra.keyboard.press("Shift+Control+ArrowLeft")
    chitra.keyboard.press("ArrowRight")
    chitra.keyboard.type(" ok")
    chitra.keyboard.press("Shift+ArrowLeft")
    chitra.keyboard.press("Shift+ArrowLeft")
    chitra.keyboard.press("Control+B")
    expect(area).to_have_value("Paid {{amount}} *ok*")
    expect(bubble.locator("strong, b")).to_have_text("ok")
    _tab_to(chitra, chitra.get_by_role("button", name="Save", exact=True))
    chitra.keyboard.press("Enter")
    expect(chitra.get_by_role("main")).to_contain_text("was changed successfully")


def _tab_to(tab, wanted, most=60):
    """Press Tab until it has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached with {most} tabs")

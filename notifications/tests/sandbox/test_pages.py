import pytest

from notifications.sandbox.bubbles import conversation_html
from notifications.sandbox.ledger import Asked, Ledger
from notifications.sandbox.marks import as_html, without_marks

from .cast import ASHA, call, chat, send

PATH = "/phone/%2B919876543210"


def page(sandbox, path=PATH):
    return call(sandbox.url, "GET", path).raw.decode()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<b>bold</b>"),
        ("_italic_", "<i>italic</i>"),
        ("~gone~", "<s>gone</s>"),
        ("```*mono*```", "<code>*mono*</code>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("✓ *नमस्ते आशा*!", "✓ <b>नमस्ते आशा</b>!"),
        ("2*3*4", "2*3*4"),
        ("snake_case_name", "snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("**", "**"),
        ("*two\nlines*", "*two\nlines*"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("*<script>*", "<b>&lt;script&gt;</b>"),
        ("```<i>```", "<code>&lt;i&gt;</code>"),
    ],
)
def test_marks_are_rendered_as_whatsapp_does(text, html):
    assert as_html(text) == html


def test_a_link_can_be_followed_and_breaks_out_of_nothing():
    html = as_html('https://a.example/x_y_z?a=1&b=2" onclick="x')
    assert 'href="https://a.example/x_y_z?a=1&amp;b=2"' in html
    assert "&quot; onclick=&quot;x" in html


def test_a_preview_has_no_marks():
    assert without_marks("*Order*\n#77 ~old~ snake_case") == "Order #77 old snake_case"


def test_a_hostile_text_stays_text(sandbox):
    send(sandbox, text="<script>alert(1)</script>")
    for path in (PATH, PATH + "?part=1", "/"):
        assert "<script>alert" not in page(sandbox, path)
        assert "&lt;script&gt;alert(1)" in page(sandbox, path)


def test_a_hostile_number_stays_text(sandbox):
    assert "<script>" not in page(sandbox, "/phone/%3Cscript%3E").replace('<script src="', "")


def test_a_page_may_run_only_what_the_sandbox_serves(sandbox):
    policy = call(sandbox.url, "GET", PATH).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy


def test_the_phone_shows_the_business_and_its_messages(sandbox):
    send(sandbox, text="नमस्ते आशा 🥛")
    assert "EarlyBird" in page(sandbox)
    assert "नमस्ते आशा 🥛" in page(sandbox)


def test_the_reply_is_shown_on_the_customers_side(sandbox):
    sandbox.reply(ASHA, "Thanks")
    assert 'class="bubble mine"' in page(sandbox)


def test_the_phone_shows_the_approved_text_with_its_values(sandbox):
    chat(sandbox)
    assert "Hello Asha, order #ORD-77 is confirmed. Thank you." in page(sandbox)


def test_the_reply_box_works_without_javascript(sandbox):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    heard = call(sandbox.url, "POST", "/sandbox/reply", f"phone=%2B{ASHA[1:]}&text=Stop+it".encode(), form)
    assert (heard.status, heard.headers["Location"]) == (303, PATH)
    assert "Stop it" in page(sandbox)


def test_the_reply_box_has_a_label(sandbox):
    assert '<label for="text">Reply as the customer</label>' in page(sandbox)
    assert '<input id="text" name="text"' in page(sandbox)


def test_a_phone_without_messages_says_so(sandbox):
    assert "No messages yet" in page(sandbox)
    assert "Nobody has got a message yet" in page(sandbox, "/")


def test_half_a_character_breaks_no_page(sandbox):
    assert send(sandbox, text="\ud83e milk").status == 200
    assert "milk" in page(sandbox)


def test_all_customers_are_listed_latest_first(sandbox):
    for phone in ("+919845012341", "+919845012342"):
        send(sandbox, phone)
    listed = page(sandbox, "/?part=1")
    assert listed.index("+919845012342") < listed.index("+919845012341")


@pytest.mark.parametrize("name", ["style.css", "index.js", "phone.js"])
def test_the_pages_parts_are_served(sandbox, name):
    assert call(sandbox.url, "GET", f"/sandbox/assets/{name}").status == 200


@pytest.mark.parametrize(
    "path", ["/sandbox/assets/../pages.py", "/sandbox/assets/%2e%2e/pages.py", "/nothing"]
)
def test_nothing_else_is_served(sandbox, path):
    assert call(sandbox.url, "GET", path).status == 404


def bubble(status="accepted", at=1_700_000_000.0, failure=None):
    kept = Ledger().accept(Asked("send-message", ASHA, "milk", None, {}), "id", failure)
    kept.status, kept.at = status, at
    return kept


@pytest.mark.parametrize(("status", "strokes"), [("accepted", 1), ("sent", 1), ("delivered", 2), ("read", 2)])
def test_ticks_tell_how_far_a_message_got(status, strokes):
    html = conversation_html([bubble(status)], "EarlyBird")
    assert f'class="ticks {status}"' in html
    assert html.count("<path") == strokes


def test_a_failed_message_names_its_code():
    assert "not delivered · 131026" in conversation_html([bubble("failed", failure=131026)], "EarlyBird")


def test_a_new_day_in_india_is_announced():
    html = conversation_html([bubble(at=1_700_000_000.0), bubble(at=1_700_000_000.0 + 86_400)], "EarlyBird")
    assert html.index("15 November 2023") < html.index("16 November 2023")
    assert "3:43 am" in html

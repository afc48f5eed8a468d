import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.linter import lint


def messages(source: str, category: str = "utility") -> list[str]:
    return [finding.message for finding in lint(source, category)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ name }}, your order is here.", "The text begins with a variable."),
        ("{# note #} {{ name }}, hello.", "The text begins with a variable."),
        ("Delivery for {{ date }}", "The text ends with a variable."),
        ("Delivery for {{ date }}{% if area %}{% endif %}\n", "The text ends with a variable."),
        ("Hi {{ first }} {{ last }}, hello.", "Two variables stand side by side."),
        ("Hi {{ first }}{{ last }}, hello.", "Two variables stand side by side."),
        ("Hello     there.", "More than four spaces follow one another."),
        ("Hello\tthere.", "There is a tab in the text."),
        ("Hello\n\n\nthere.", "More than one line in a row is empty."),
        ("Hello\r\n\r\n\r\nthere.", "More than one line in a row is empty."),
        ("Hello {name}.", "This has single braces, so it is sent as it stands."),
        ("x" * 1025, "The text has 1,025 characters; WhatsApp takes 1,024."),
    ],
)
def test_what_whatsapp_would_refuse_is_found(source: str, message: str):
    assert messages(source) == [message]


@pytest.mark.parametrize(
    "source",
    [
        "Your order {{ id }} is for {{ date }}. Thank you!",
        "Hello\n\nthere, {{ name }}.",
        "Hello    there.",
        "x" * 1024,
        "Freedom is no dealer's offering.",
        "Messages are switched off, 5% GST included.",
        "छूटी हुई डिलीवरी",  # a delivery that was missed
        "",
    ],
)
def test_a_text_whatsapp_takes_is_left_alone(source: str):
    assert messages(source) == []


@pytest.mark.parametrize(
    "word",
    [
        *(
            "Offer",
            "25% OFF",
            "{{rebate}}% off",
            "₹50 off",
            "Rs. {{amount}} off",
            "limited time",
            "FREE",
            "sale",
        ),
        *("छूट", "सवलत", "मुफ्त", "मुफ़्त", "मु\u095e\u094dत", "ಉಚಿತ", "ರಿಯಾಯಿತಿಯಲ್ಲಿ", "தள்ளுபடி", "இலவசமாக"),
        *("తగ్గింపు", "ఉచితంగా", "സൗജന്യ", "મફત", "ছা\u09dc", "ছা\u09a1\u09bc", "ਮੁਫ਼ਤ", "مفت"),
    ],
)
def test_a_utility_text_that_sells_is_warned_of(word: str):
    assert messages(f"Resume now: {word} for you") == [
        f"“{word}” sounds like promotion in a utility message."
    ]


def test_a_marketing_text_may_sell():
    assert messages("Resume now: 25% OFF for you", "marketing") == []


def test_a_finding_says_where_and_what_to_do():
    (finding,) = lint("Hello\nthere  {% if a %}x{% endif %}\tAsha", "utility")
    assert (finding.line, finding.column, finding.severity) == (2, 30, "warning")
    assert finding.remedy == "Use a space."


def test_findings_come_in_the_order_of_the_text():
    findings = lint("{{ a }} free\n{{ b }}{{ c }}", "utility")
    assert [finding.line for finding in findings] == [1, 1, 2, 2]


def test_of_one_rule_only_the_first_places_are_named():
    assert len(messages("Hi" + "{{ a }}" * 50 + " there, this is it.")) == 5


@given(st.text(), st.sampled_from(["utility", "marketing", ""]))
def test_any_text_can_be_looked_at(source: str, category: str):
    for finding in lint(source, category):
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.remedy

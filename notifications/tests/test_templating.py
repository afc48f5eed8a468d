import re
from decimal import Decimal

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.formats import LIMIT, BadValue, CannotWrite
from notifications.templating import (
    KNOWN_FILTERS,
    LONGEST,
    BadTemplate,
    BadText,
    MissingVariable,
    check,
    compiled,
    render,
    used,
)

KINDS = {"delivery_date": "date", "amount": "money", "eta_time": "time", "quantity": "number"}


def text(source: str, language: str = "en", **values: object) -> str:
    return render(source, values, KINDS, language)


def refusal(source: str, variables: list[str] | None = None) -> BadTemplate:
    with pytest.raises(BadTemplate) as error:
        check(source, variables)
    return error.value


# What a text may be


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Your delivery is for {{delivery_date}}", "Your delivery is for February 1"),
        ("₹{{ amount }} due", "₹1,23,456.50 due"),
        ("At {{ eta_time }}.", "At 7:30 AM."),
        ("{{ name|upper }} {{ name|lower }} {{ name|title }}", "ASHA RAO asha rao Asha Rao"),
        ("{{ name|capitalize }}|{{ name|trim }}", "Asha rao|asha Rao"),
        ("Hi {{ nobody|default('friend') }}", "Hi friend"),
        ("Hi {{ empty|default('friend', true) }}", "Hi friend"),
        ("Hi {{ nobody|default(name) }}", "Hi asha Rao"),
        ("Hi {{ nobody or 'friend' }}", "Hi friend"),
        ("a {#- said aside -#} b", "ab"),
        ("a\n{%- if name %} b {%- endif %}", "a b"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("*bold* _it_ ~no~ ```mono``` 🥛 # % {", "*bold* _it_ ~no~ ```mono``` 🥛 # % {"),
        ("{% if name is defined and not nobody %}y{% else %}n{% endif %}", "y"),
        ("{% if nobody %}a{% elif name == 'asha Rao' %}b{% else %}c{% endif %}", "b"),
        ("line 1\r\nline 2", "line 1\nline 2"),
    ],
)
def test_a_text_renders(source: str, message: str):
    values = {
        "delivery_date": "2026-02-01",
        "amount": "123456.50",
        "eta_time": "07:30",
        "name": "asha Rao",
        "empty": "",
    }
    check(source, [*values, "nobody"])
    assert text(source, **values) == message


def test_a_date_is_written_in_the_language():
    assert text("{{ delivery_date }} को", "hi", delivery_date="2026-02-01") == "1 फ़रवरी को"


def test_a_value_that_reads_as_text_is_passed_through():
    assert (
        text("Due {{ delivery_date }}: {{ amount }}", delivery_date="tomorrow", amount="₹450")
        == "Due tomorrow: ₹450"
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("amount > 500", True),
        ("amount > 500.5", True),
        ("500 < amount", True),
        ("amount <= 500", False),
        ("amount == 1000", True),
        ("amount != '1000.00'", False),
        ("0 < amount < 2000", True),
        ("free_amount", False),
        ("delivery_date > '2026-01-31'", True),
        ("delivery_date < 'soon'", False),
        ("delivery_date < 5", False),
        ("quantity > 1", True),
        ("flag", True),
        ("nothing", False),
        ("things", False),
        ("nobody > 5", False),
        ("5 > nobody", False),
        ("nobody == 'x'", False),
        ("nobody != 'x'", True),
        ("nobody == amount", False),
        ("amount > nobody", False),
        ("not nobody", True),
        ("amount is defined", True),
        ("nobody is not defined", True),
    ],
)
def test_a_condition_compares_what_the_value_means(condition: str, holds: bool):
    values = {
        "amount": "1000.00", "free_amount": "0.00", "delivery_date": "2026-02-01", "quantity": 2,
        "flag": True, "nothing": None, "things": [],
    }  # fmt: skip
    message = render(
        f"{{% if {condition} %}}True{{% else %}}False{{% endif %}}",
        values,
        {**KINDS, "free_amount": "money"},
        "en",
    )
    assert message == str(holds)


def test_extra_keys_harm_nothing():
    assert text("Hello", name=object(), **{"a b": 1}) == "Hello"


def test_the_variables_of_a_text_are_those_of_its_conditions_too():
    assert used("{{ a }}{% if b == 1 %}{{ c|default(d) }}{% endif %}{# {{ e }} #}") == {"a", "b", "c", "d"}


def test_a_text_is_compiled_once():
    assert compiled("Once {{ a }}") is compiled("Once {{ a }}")


def test_known_filters_are_all_there():
    for name in KNOWN_FILTERS:
        assert text(f"{{{{ name|{name} }}}}", name="asha").lower() == "asha"


# What a text may not be


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        ("a {{ name", 1, "unclosed {{"),
        ("one\na {{ name }", 2, "unclosed {{"),
        ("{{ a and more {{ b }}", 1, "unclosed {{"),
        ("a\n\n{# b", 3, "unclosed {#"),
        ("{% if a", 1, "unclosed {%"),
        ("{% if a %}b", 1, "no {% endif %}"),
        ("a\n{% endif %}", 2, "there is none before it"),
        ("{{ }}", 1, "write a variable"),
        ("{{ customer name }}", 1, "join words"),
        ("{% if a = 1 %}b{% endif %}", 1, "two signs"),
        ("a\n{% for x in y %}{{ x }}{% endfor %}", 2, "loops are not allowed"),
        ("{% for %}", 1, "loops are not allowed"),
        ("{% set a = 1 %}", 1, "`set` is not allowed"),
        ("{% frobnicate %}", 1, "there is no {% frobnicate %}"),
        ("{% include 'x' %}", 1, "not allowed|are allowed"),
        ("{% extends 'x' %}", 1, "not allowed|are allowed"),
        ("{% import 'x' as y %}", 1, "not allowed|are allowed"),
        ("{% macro x() %}{% endmacro %}", 1, "not allowed|are allowed"),
        ("{% block x %}{% endblock %}", 1, "not allowed|are allowed"),
        ("{% with %}a{% endwith %}", 1, "not allowed|are allowed"),
        ("{% filter upper %}a{% endfilter %}", 1, "not allowed|are allowed"),
        ("{% autoescape true %}a{% endautoescape %}", 1, "there is no|are allowed"),
        ("{{ a ~ b }}", 1, "`~` is not allowed"),
        ("{{ a + 1 }}", 1, "calculations"),
        ("{{ -a }}", 1, "calculations"),
        ("{{ a.b }}", 1, "a dot"),
        ("{{ a['b'] }}", 1, "square brackets"),
        ("{{ a[1:2] }}", 1, "square brackets"),
        ("{{ a() }}", 1, "calls"),
        ("{{ 'x' if a else 'y' }}", 1, "around the text"),
        ("{{ a, b }}", 1, "commas"),
        ("{{ {} }}", 1, "lists"),
        ("{{ a is odd }}", 1, "`is defined`"),
        ("{{ a in b }}", 1, "`in` is not allowed"),
        ("{{ a|upper < 'b' }}", 1, "only a variable can be compared"),
        ("{{ a|nosuch }}", 1, "no filter `nosuch`; there are capitalize"),
        ("{{ a|safe }}", 1, "no filter"),
        ("{{ a|default(1, 2, 3) }}", 1, "too much"),
        ("{{ a|default(default_value=1) }}", 1, "too much"),
        ("{{ a|upper(*b) }}", 1, "too much"),
        ("{{ none }}", 1, "`none`"),
        ("{{ _a }}", 1, "name is made of"),
        ("{{ नाम }}", 1, "name is made of"),
        ("a\x00b", 1, r"U\+0000"),
        ("a\r\nb\u202ec", 2, r"U\+202E"),
        ("a\ud800", 1, r"U\+D800"),
        (r"{{ '\x00' }}", 1, "cannot be sent"),
        (r"{{ '\ud800' }}", 1, "cannot be sent"),
        (r"{{ '\x' }}", 1, "cannot be read"),
        ("{{ 1e999 }}", 1, "too large"),
        ("", 1, "empty"),
        (" \n ", 1, "empty"),
    ],
)
def test_a_refusal_names_the_line_and_why(source: str, line: int, why: str):
    error = refusal(source)
    assert error.line == line
    assert re.search(why, error.why) or why in error.why
    assert str(error).startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum|attr('__globals__') }}",
        "{{ x|format('%s') }}",
        "{{ x|map('upper') }}",
        "{{ x|join(',') }}",
        "{{ x|replace('a', 'b') }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ 'a' * 10**9 }}",
        "{{ self }}",
        "{{ loop }}",
        "{{ super() }}",
        "{{ caller() }}",
        "{{ [1] * 99 }}",
        "{{ 9**9**9 }}",
        "{{ " + "9" * 4000 + " }}",
        "{{ 0x" + "f" * 4000 + " }}",
        "{{ " + "(" * 2000 + "a" + ")" * 2000 + " }}",
        "{{ " + "not " * 1000 + "a }}",
        "{{ a" + " and a" * 600 + " }}",
        "{{ a" + "|default(a)" * 300 + " }}",
        "{{ a" + ".a" * 2000 + " }}",
        "{{ a" + "+a" * 2000 + " }}",
        "{% if a %}" * 300,
        "{% if a %}" * 150 + "b" + "{% endif %}" * 150,
        "{{ " + "{" * 4000,
        "{{ " + "a(" * 2000,
        "{{ " + "[" * 4000,
        "a" * (LONGEST + 1),
    ],
)
def test_a_hostile_text_is_refused(source: str):
    assert refusal(source).why


@pytest.mark.parametrize("name", ["cycler", "range", "dict", "lipsum", "joiner", "namespace"])
def test_jinjas_own_globals_are_not_there(name: str):
    with pytest.raises(MissingVariable):
        text(f"{{{{ {name} }}}}")


def test_an_unknown_variable_is_refused_with_the_one_that_was_meant():
    error = refusal("Hello\n{{ delivry_date }}", ["delivery_date", "customer_name"])
    assert str(error) == "Line 2: there is no variable `delivry_date`; did you mean `delivery_date`?"


def test_an_unknown_variable_like_no_other_is_refused_with_all_there_are():
    assert (
        "there are delivery_date, area" in refusal("{% if zzz %}a{% endif %}", ["delivery_date", "area"]).why
    )


# Values


def test_a_missing_variable_is_named_with_the_nearest_key_given():
    with pytest.raises(
        MissingVariable, match="`delivery_date` is missing; the nearest given is `delivry_date`"
    ) as error:
        text("{{ delivery_date }}", delivry_date="2026-02-01", customer_name="Asha")
    assert (error.value.variable, error.value.nearest) == ("delivery_date", "delivry_date")


def test_a_missing_variable_like_nothing_given_is_named_with_what_was():
    with pytest.raises(MissingVariable, match="`amount` is missing; given: customer_name") as error:
        text("{{ amount }}", customer_name="Asha")
    assert error.value.nearest is None


@pytest.mark.parametrize(
    "source", ["{{ a|upper }}", "{{ a|trim }}", "x{% if not a %}{{ a }}{% endif %}", "{{ b|default(a) }}"]
)
def test_a_variable_that_is_printed_must_be_given(source: str):
    with pytest.raises(MissingVariable, match="`a` is missing"):
        text(source)


def test_a_variable_in_a_branch_not_taken_may_be_missing():
    assert text("Hi{% if area %} in {{ area }}{% endif %}") == "Hi"


@pytest.mark.parametrize("value", [None, True, [], {"a": 1}])
def test_a_value_nobody_could_read_is_named(value: object):
    with pytest.raises(BadValue, match="`name` is"):
        text("Hi {{ name }}", name=value)


def test_an_over_long_value_is_named():
    with pytest.raises(BadValue, match="`name` is 5,000 characters long; at most 1,024"):
        text("{{ name }}", name="x" * 5000)


def test_an_over_long_message_is_refused():
    with pytest.raises(BadText, match="1,025 characters long; WhatsApp takes 1,024"):
        text("!{{ name }}", name="x" * LIMIT)


@pytest.mark.parametrize("source", ["{{ name }}", " {{ name }}\n", "{% if nobody %}a{% endif %}"])
def test_an_empty_message_is_refused(source: str):
    with pytest.raises(BadText, match="empty"):
        text(source, name=" ")


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u00ad", "\u061c", "\u180e", "\u2800", "\u3164", "\ufe0f", "\u034f"]
)
def test_a_message_of_letters_that_nobody_sees_is_empty(unseen: str):
    with pytest.raises(BadText, match="empty"):
        text("{{ name }} {{ name }}", name=unseen)


@pytest.mark.parametrize(
    "value", ["{{ secret }}", "{% raw %}", "{# x #}", "{{ 7*7 }}", "<b>&amp;</b>", "%s {0}", "\\1"]
)
def test_a_value_is_never_read_as_a_template(value: str):
    assert text("Hi {{ name }}!", name=value, secret="s3cret") == f"Hi {value}!"


# Whatever comes

WORDS = (
    "{{ }} {% %} {# #} {%- -%} if elif else endif for in not and or is defined a b text | upper default ( ) ["
    " ] { } . , 'x' \" == < 1 1.5e3 0x1f raw endraw autoescape ~ ** \x00 \\ none true set self 🥛"
)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b", "text"]),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)
    ),
)


def renders_or_says_why(source: str, values: dict[str, object]) -> None:
    try:
        check(source, None)
        message = render(source, values, {"a": "money", "b": "date"}, "hi")
    except CannotWrite as error:
        assert str(error)  # noqa: PT017 - either way is right, a nameless error is not
    else:
        assert 0 < len(message) <= LIMIT


@given(st.text(), VALUES)
def test_any_text_renders_or_says_why_not(source: str, values: dict[str, object]):
    renders_or_says_why(source, values)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join), VALUES)
def test_anything_like_a_template_renders_or_says_why_not(source: str, values: dict[str, object]):
    renders_or_says_why(source, values)


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "'x'", "1", "true"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["==", "!=", "<", ">=", "and", "or"]), inner),
        st.builds("(not {})".format, inner),
        st.builds("({}|{})".format, inner, st.sampled_from(["upper", "title", "default('y', true)", "trim"])),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, VALUES)
def test_any_allowed_expression_renders_or_says_why_not(expression: str, values: dict[str, object]):
    renders_or_says_why(f"{{% if {expression} %}}x{{% else %}}{{{{ {expression} }}}}y{{% endif %}}", values)


@given(st.text(max_size=300).filter(lambda value: value.isprintable()))
def test_any_value_is_sent_as_it_stands(value: str):
    assert text("<{{ name }}>", name=value) == f"<{value}>"


@given(
    st.lists(
        st.sampled_from(
            ["{{ a }}", "{{ b|upper }}", "{% if a %}", "{% endif %}", " t\n", "{%- if b -%}", "{#x#}"]
        )
    )
    .map("".join)
    .map("x{}".format)
)
def test_plain_texts_read_as_jinja_reads_them(source: str):
    try:
        message = text(source, a="one", b="two")
    except BadTemplate:
        return
    assert message == jinja2.Environment().from_string(source).render(a="one", b="two")


def test_money_from_the_business_is_written_as_money():
    assert text("₹{{ amount }}", amount=Decimal("450.00")) == "₹450"


@pytest.mark.parametrize(
    "source", ["Hello {{1}}, hi.", "Hello\n{{ 2 }} there", "{% if name %}{{ 1.5 }}{% endif %}"]
)
def test_a_placeholder_of_whatsapps_is_no_variable_here(source: str):
    assert "would be sent as a number; write the name of a variable" in refusal(source).why

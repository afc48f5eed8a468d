"""Every code that our code can keep with a message has words."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from notifications import reasons
from notifications.models import Held
from notifications.providers import answers, meta

HOUSE = Path(settings.BASE_DIR) / "notifications"
NO_MESSAGES = ("tests", "migrations", "sandbox", "api", "management")


def modules():
    return [p for p in HOUSE.rglob("*.py") if not set(NO_MESSAGES) & set(p.relative_to(HOUSE).parts)]


def literals(node: ast.AST | None) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)} if node else set()


def kept(call: ast.Call) -> set[str]:
    """The codes that a call hands over: `code=`, or by their place in `end`, `Move` and the outcomes."""
    name = ast.unparse(call.func).rpartition(".")[2]
    found = {word.arg: literals(word.value) for word in call.keywords}.get("code", set())
    if name in {"end", *OUTCOMES} and len(call.args) >= 2:
        found |= literals(call.args[1])
    return {code for code in found if isinstance(code, str)}


OUTCOMES = {"NotSent", "TooFast", "NotNow", "Rejected", "TemplateHeld", "ChannelDown", "Uncertain", "Dropped"}
CALLERS = OUTCOMES | {"end", "Move", "Verdict", "take_back"}


def codes() -> set[str]:
    """Those of the calls, and the first of what `consent` returns."""
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in CALLERS:
                found |= kept(node)
            if (
                path.name == "consent.py"
                and isinstance(node, ast.Return)
                and isinstance(node.value, ast.Tuple)
            ):
                found |= {word for word in literals(node.value.elts[0]) if isinstance(word, str)}
    return found - {""}


def test_the_codes_are_found_in_the_code():
    assert {
        "opted_out",
        "no_opt_in",
        "bad_phone",
        "expired",
        "timeout",
        "bug",
        "cancelled",
        "erased",
    } <= codes()


def test_every_code_that_the_code_makes_has_words():
    assert sorted(code for code in codes() if not reasons.is_known(code)) == []


@pytest.mark.parametrize("code", sorted(map(str, meta.DOCUMENTED)))
def test_every_code_that_whatsapp_documents_has_words(code):
    assert reasons.of(code).words.endswith(".")


@pytest.mark.parametrize("code", [*answers._ACCOUNT_CODES, *map(str, answers._BY_STATUS)])
def test_every_code_of_myoperator_has_words(code):
    assert reasons.is_known(code)


def test_words_are_sentences():
    for code, reason in reasons.REASONS.items():
        assert reason.words.endswith("."), code
        assert reason.remedy.endswith("."), code


def test_a_code_nobody_knows_is_shown_as_it_is():
    assert reasons.of("CHAT_9999").words == "It ended with the code CHAT_9999."
    assert reasons.of("CHAT_9999").remedy


def test_a_code_is_found_under_one_cause():
    listed = [code for cause in reasons.CAUSES for code in cause.codes]

    assert sorted(listed) == sorted(set(listed))
    assert all(reasons.is_known(code) for code in listed)


def waits() -> set[str]:
    """What `waits_for` is set to, anywhere."""
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "waits_for":
                found |= {word for word in literals(node.value) if isinstance(word, str)}
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"self._waiting", "_later"}:
                found |= {word for arg in node.args[2:5] for word in literals(arg) if isinstance(word, str)}
    return found - {"", "text"}  # the last is a column's type


def test_everything_a_message_waits_for_has_words():
    assert {"quiet_hours", "retry", "channel", "person"} <= waits()
    assert waits() <= {*reasons.WAITS, *Held.values}

"""Wrong settings are one sentence at the start."""

import pytest
from django.core import checks
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db  # a check of the models asks for the kinds that staff made

GOOD = {
    "MYOPERATOR_API": "send-message",
    "MYOPERATOR_BASE_URL": "https://api.myoperator.co",
    "MYOPERATOR_API_KEY": "key",
    "MYOPERATOR_API_SECRET": "secret",
    "MYOPERATOR_ACCOUNT_ID": "account",
    "MYOPERATOR_PHONE_NUMBER": "+918000000001",
    "MYOPERATOR_WEBHOOK_SECRETS": ["a-webhook-secret-nobody-guesses"],
    "SANDBOX": False,
    "EARLYBIRD_CLOCK_FILE": "",
    "EARLYBIRD_NOTIFY": True,
    "NOTIFICATION_ALLOWED_NUMBERS": [],
    "SECRET_KEY": "s" * 25 + "0123456789abcdefghijklmno",
    "ALLOWED_HOSTS": ["earlybird.example.com"],
    "EMBEDDED_DATABASE": False,
    "EMBEDDED_REDIS": False,
}


@pytest.fixture
def production(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def found(deploy=False) -> dict[str, str]:
    said = checks.run_checks(include_deployment_checks=deploy)
    return {m.id: f"{m.msg} {m.hint}" for m in said if m.id.startswith(("notifications.", "earlybird."))}


@pytest.mark.parametrize("deploy", [False, True])
def test_good_settings_are_silent(production, deploy):
    assert found(deploy) == {}


@pytest.mark.parametrize(
    ("name", "value", "id_"),
    [
        ("MYOPERATOR_API", "sendmessage", "notifications.E001"),
        ("MYOPERATOR_RATE_LIMIT", 0.0, "notifications.E002"),
        ("MYOPERATOR_RATE_LIMIT", float("nan"), "notifications.E002"),
        ("MYOPERATOR_RATE_LIMIT", float("inf"), "notifications.E002"),
        ("MYOPERATOR_TIER", "2,000", "notifications.E015"),
        ("MYOPERATOR_TIER", "0", "notifications.E015"),
        ("MYOPERATOR_TIER", "", "notifications.E015"),
        ("NOTIFICATION_RETRY_MINUTES", [5.0, -1.0], "notifications.E003"),
        ("NOTIFICATION_LEASE", 20.0, "notifications.E004"),
        ("NOTIFICATION_DEADLINE", 0.0, "notifications.E006"),
        ("NOTIFICATION_SLOTS", 0, "notifications.E006"),
        ("MYOPERATOR_BASE_URL", "nonsense", "notifications.E014"),
        ("MYOPERATOR_BASE_URL", "ftp://x", "notifications.E014"),
        ("MYOPERATOR_BASE_URL", "https://", "notifications.E014"),
        ("MYOPERATOR_BASE_URL", "http://[x", "notifications.E014"),
        ("MYOPERATOR_BASE_URL", "http://x:99999", "notifications.E014"),
        ("NOTIFICATION_REMINDER_HOURS", "7-21", "notifications.E007"),
        ("NOTIFICATION_MARKETING_HOURS", "all day", "notifications.E007"),
        ("NOTIFICATION_LAST_CALL", "ten", "notifications.E016"),
        ("MYOPERATOR_PHONE_NUMBER", "8000000001", "notifications.E008"),
        ("NOTIFICATION_ALLOWED_NUMBERS", ["+91 98765 43210"], "notifications.E008"),
        ("NOTIFICATION_TEST_NUMBERS", ["98765 43210"], "notifications.E008"),
    ],
)
def test_a_value_nothing_works_with_is_refused_everywhere(production, name, value, id_):
    setattr(production, name, value)

    assert list(found()) == [id_]
    assert name in found()[id_]


@pytest.mark.parametrize(
    ("name", "value", "id_"),
    [
        ("MYOPERATOR_API_KEY", "", "notifications.E009"),
        ("MYOPERATOR_API_SECRET", "", "notifications.E009"),
        ("MYOPERATOR_ACCOUNT_ID", "", "notifications.E009"),
        ("MYOPERATOR_PHONE_NUMBER", "", "notifications.E009"),
        ("MYOPERATOR_WEBHOOK_SECRETS", [], "notifications.E009"),
        ("MYOPERATOR_API", "console", "notifications.E010"),
        ("SANDBOX", True, "notifications.E011"),
        ("MYOPERATOR_BASE_URL", "http://127.0.0.1:9009", "notifications.E011"),
        ("MYOPERATOR_BASE_URL", "http://api.myoperator.co", "notifications.E012"),
        ("EARLYBIRD_CLOCK_FILE", "/tmp/clock", "notifications.E005"),
        ("EARLYBIRD_NOTIFY", False, "notifications.E013"),
        ("MYOPERATOR_WEBHOOK_SECRETS", ["short"], "notifications.W001"),
        ("NOTIFICATION_ALLOWED_NUMBERS", ["+919876543210"], "notifications.W002"),
        ("ALLOWED_HOSTS", ["localhost"], "earlybird.E002"),
        ("ALLOWED_HOSTS", ["*"], "earlybird.E002"),
        ("EMBEDDED_DATABASE", True, "earlybird.E003"),
        ("EMBEDDED_REDIS", True, "earlybird.E003"),
    ],
)
def test_what_a_shop_may_not_lack_is_found_before_the_first_send(production, name, value, id_):
    setattr(production, name, value)

    assert list(found(deploy=True)) == [id_]
    assert found() == {}, "a laptop runs without it"


def test_the_insecure_key_is_for_a_laptop_only(production):
    production.SECRET_KEY = production.INSECURE_SECRET_KEY

    assert list(found(deploy=True)) == ["earlybird.E001"]


def test_everything_missing_is_named_at_once(production):
    production.MYOPERATOR_API_KEY = production.MYOPERATOR_ACCOUNT_ID = ""

    assert "MYOPERATOR_API_KEY, MYOPERATOR_ACCOUNT_ID" in found(deploy=True)["notifications.E009"]


def test_chat_needs_its_ids_and_no_secret(production):
    production.MYOPERATOR_API, production.MYOPERATOR_API_SECRET = "chat", ""
    needed = ("MYOPERATOR_COMPANY_ID", "MYOPERATOR_PHONE_NUMBER_ID", "MYOPERATOR_WABA_ID")
    for name in needed:
        setattr(production, name, "")
    assert ", ".join(needed) in found(deploy=True)["notifications.E009"]
    for name in needed:
        setattr(production, name, "1")
    assert found(deploy=True) == {}


def test_no_secret_is_in_what_a_check_says(production):
    production.MYOPERATOR_WEBHOOK_SECRETS = ["hunter2"]

    assert "hunter2" not in str(found(deploy=True))


def test_the_command_ends_with_a_sentence(production):
    production.MYOPERATOR_API = "pigeon"

    with pytest.raises(CommandError, match="'pigeon' is no provider we know"):
        call_command("check")

"""What the documents name is there: settings, commands, links, codes; and MyOperator's guide can be followed."""

import json
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import get_commands
from knox.models import AuthToken

from earlybird.desk import menu
from earlybird.tests.test_env_example import LISTED
from notifications import tier
from notifications.models import WebhookEvent
from notifications.providers import meta

HOUSE = settings.BASE_DIR
DOCUMENTS = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
GUIDE = (HOUSE / "docs" / "myoperator.md").read_text()


def anchors(text):
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    text = document.read_text()
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        assert path.exists(), target
        assert not anchor or anchor in anchors(path.read_text()), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_there(document):
    assert set(re.findall(r"manage\.py ([a-z_]+)", document.read_text())) - get_commands().keys() == set()


def test_every_setting_that_the_guide_names_is_there():
    named = set(re.findall(r"\b(?:MYOPERATOR|NOTIFICATION)_[A-Z_]+", GUIDE))
    assert named - LISTED.keys() == set()
    assert len(named) > 10


def test_every_setting_of_myoperator_is_in_the_guide():
    assert [name for name in LISTED if name.startswith("MYOPERATOR_") and name not in GUIDE] == []


def test_every_code_of_metas_is_one_we_know():
    named = {int(code) for code in re.findall(r"\b1[0-9]{5}\b", GUIDE)} - {100_000}
    assert named - meta.DOCUMENTED == set()


def test_every_list_of_admin_is_there():
    lists = {str(model._meta.verbose_name_plural).capitalize() for model in admin.site._registry}
    titles = {item[0] for _, items in menu._GROUPS for item in items}
    named = {"Message templates", "Approved templates", "Replies", "Consent ledger", "Webhook events"}
    assert named <= lists | titles
    assert [name for name in named if f"*{name}*" not in GUIDE] == []


def test_its_figures_are_the_codes():
    assert f"at {tier.WARN_AT[0]} %" in GUIDE
    assert f"{settings.NOTIFICATION_DEADLINE:g} s in all" in GUIDE
    assert f"₹{settings.NOTIFICATION_PRICE_MARKETING} for marketing" in GUIDE


def given(address):
    """The body that the guide posts there."""
    [body] = re.findall(rf"curl -s https://<host>{address} .*?-d '(.*?)'\n", GUIDE, re.DOTALL)
    return json.loads(body)


@pytest.mark.django_db
def test_the_first_message_of_the_guide_is_sent(client):
    token = AuthToken.objects.create(User.objects.create_superuser("chitra"))[1]
    address = "/api/notifications/send-message"

    answer = client.post(
        address, given(address), content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )

    assert (answer.status_code, answer.json()["status"]) == (200, "sent"), answer.json()


@pytest.mark.django_db
def test_the_webhook_of_the_guide_is_kept(client, settings):
    settings.MYOPERATOR_WEBHOOK_SECRETS = ["s" * 32]
    settings.MYOPERATOR_COMPANY_ID, settings.MYOPERATOR_PHONE_NUMBER_ID = "<company id>", "<phone number id>"
    address = "/webhooks/myoperator"

    def post(**headers):
        return client.post(address, given(address), content_type="application/json", headers=headers)

    assert post().status_code == 401
    assert post(**{"X-Webhook-Secret": "s" * 32}).json() == {"status": "ok", "message": "kept"}
    assert WebhookEvent.objects.get().event_id == "try-1"

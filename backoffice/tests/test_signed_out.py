"""A button that is pressed after the session ended."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from backoffice.site import SIGNED_OUT

pytestmark = pytest.mark.django_db
SIGN_IN = {"username": "chitra", "password": "a long one"}
ACT = "/admin/backoffice/act/7/confirm"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/admin/notifications/message/7/change/?q=x", "/admin/notifications/message/7/change/?q=x"),
        ("http://testserver/admin/", "/admin/"),
        ("http://elsewhere.example/admin/x", "/admin/"),
        ("http://testserver/api/docs", "/admin/"),
        ("", "/admin/"),
    ],
)  # fmt: skip
def test_whoever_signs_in_again_is_led_back_to_the_page_of_the_button(client, came_from, leads_to):
    User.objects.create_superuser(**SIGN_IN)

    pressed = client.post(ACT, headers={"referer": came_from})
    signed_in = client.post(pressed.url, SIGN_IN)

    assert pressed.url.startswith(reverse("admin:login"))
    assert signed_in.url == leads_to
    assert SIGNED_OUT in client.get("/admin/").content.decode()


def test_signing_out_twice_is_no_fault(client):
    assert client.post(reverse("admin:logout")).status_code in (200, 302)


def test_what_a_script_asks_for_again_and_again_leaves_no_sentence(client):
    pressed = client.post(ACT, headers={"sec-fetch-mode": "cors"})

    assert SIGNED_OUT not in client.get(pressed.url).content.decode()

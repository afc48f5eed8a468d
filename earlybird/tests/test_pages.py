"""The table of pages that the browser goes through holds every page of the desk."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import resolve, reverse

from browser.pages import ACTS, PAGES
from browser.pictures import FOLDER, LARGEST, PICTURES
from earlybird.desk import menu, urls

GUIDE = settings.BASE_DIR / "docs" / "staff.md"
# Of every model there are five; one form, history and deletion are like the next.
ALIKE = ("_add", "_history", "_delete", "_change")


def seen():
    """The names of the addresses that are opened."""
    return {resolve(page.path.partition("?")[0].format(1)).url_name for page in PAGES}


def test_every_list_is_in_the_table():
    lists = {f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry}
    assert lists - seen() == set()


def test_every_page_of_a_models_own_is_in_the_table_or_only_acts():
    named = {url.name for page in admin.site._registry.values() for url in page.get_urls() if url.name}
    own = {name for name in named if not name.endswith((*ALIKE, "_changelist"))}
    assert own - seen() - ACTS == set()


def test_every_page_of_the_desk_is_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} - seen() == set()


def test_every_page_of_the_menu_is_in_the_table():
    request = SimpleNamespace(user=User(is_superuser=True, is_active=True), path="/admin/")
    links = {str(item["link"]) for group in menu.groups(request) for item in group["items"]}
    assert {link for link in links if resolve(link.partition("?")[0]).url_name not in seen()} == set()


def test_no_two_pages_have_one_name():
    names = [page.name for page in PAGES]
    assert sorted(names) == sorted(set(names))


def test_every_picture_is_of_a_page_of_the_table():
    assert {picture.page for picture in PICTURES} <= {page.name for page in PAGES}


def test_the_guide_has_every_page_of_the_menu():
    request = SimpleNamespace(user=User(is_superuser=True, is_active=True), path="/admin/")
    titles = [item["title"] for group in menu.groups(request) for item in group["items"]]
    listed = GUIDE.read_text().partition("## What is in the menu")[2]
    assert re.findall(r"^\| (?!in the menu)(.+?) \|", listed, re.MULTILINE) == titles


def test_every_picture_of_the_guide_is_there_and_each_is_shown():
    shown = set(re.findall(r"\]\(pictures/([\w-]+)\.png\)", GUIDE.read_text()))
    assert shown == {picture.name for picture in PICTURES} == {path.stem for path in FOLDER.glob("*.png")}
    assert all(path.stat().st_size <= LARGEST for path in FOLDER.glob("*.png"))


def test_every_picture_of_the_guide_says_what_it_shows():
    assert re.findall(r"!\[\s*\]", GUIDE.read_text()) == []


@pytest.mark.django_db
def test_who_signs_in_at_the_form_itself_comes_to_the_front_page(client):
    User.objects.create_superuser("chitra", password="earlybird")
    answer = client.post("/admin/login/", {"username": "chitra", "password": "earlybird"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))

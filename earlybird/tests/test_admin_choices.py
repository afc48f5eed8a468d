"""What somebody types where the desk asks for a row is refused by the field, with no error page."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db

# Axes, Knox and Celery bring pages of their own; who wants what is asked by number.
OURS = ("orders", "delivery", "billing", "notifications")
PAGES = [
    (f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/", name)
    for model, desk in admin.site._registry.items()
    if model._meta.app_label in OURS
    for name in desk.autocomplete_fields
]


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("chitra", "chitra@example.com", "earlybird"))
    return client


@pytest.mark.parametrize(("page", "field"), PAGES)
@pytest.mark.parametrize("typed", ["abc", "1e5", "-1", "½", "9" * 30])
def test_no_id_is_no_error_page(desk, page, field, typed):
    assert desk.get(page, {field: typed}).status_code in (200, 403)
    assert desk.post(page, {field: typed}).status_code in (200, 403)


def test_there_are_such_fields():
    assert len(PAGES) > 8


def _parameter(wanted) -> str:
    """What a filter is called in an address: its field, or what it calls itself."""
    name = wanted[0] if isinstance(wanted, tuple) else wanted
    return name if isinstance(name, str) else name.parameter_name


LISTS = [
    (f"/admin/{model._meta.app_label}/{model._meta.model_name}/", _parameter(wanted))
    for model, desk in admin.site._registry.items()
    if model._meta.app_label in OURS
    for wanted in desk.list_filter
]


@pytest.mark.parametrize(("page", "parameter"), LISTS)
@pytest.mark.parametrize("typed", ["\0", "a\0b", "9" * 30])
def test_what_no_column_can_hold_is_no_error_page_in_a_list(desk, page, parameter, typed):
    assert desk.get(page, {parameter: typed}, follow=True).status_code == 200


def test_what_no_column_can_hold_is_found_nowhere_by_a_search_of_a_field(desk):
    field = {"app_label": "orders", "model_name": "order", "field_name": "customer"}

    assert desk.get("/admin/autocomplete/", field | {"term": "a\0b"}).json()["results"] == []


def test_a_year_of_many_digits_is_no_error_page_in_a_list(desk):
    assert desk.get("/admin/orders/offer/", {"made_at__year": "9" * 30}, follow=True).status_code == 200

"""Two at the desk who change one row at the same time."""

import pytest

from orders.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(asha):
    return f"/admin/orders/customer/{asha.pk}/change/"


def form_of(desk, page, **typed):
    """As the browser posts what the page shows, with what is typed into it."""
    form = desk.get(page).context["adminform"].form
    shown = {name: form[name].value() or "" for name in form.fields}
    return shown | {"as_seen": form.as_seen} | typed


def test_what_another_corrected_meanwhile_is_told_and_not_undone(desk, asha, page):
    typed = form_of(desk, page, address="14, 80 Feet Road")
    Customer.objects.update(phone="+919876500001")

    answer = desk.post(page, typed)

    assert "it is +919876500001 now" in answer.content.decode()
    assert "14, 80 Feet Road" in answer.content.decode()
    asha.refresh_from_db()
    assert (asha.phone, asha.address) == ("+919876500001", asha.address)


def test_saving_again_puts_ones_own_in_its_place(desk, asha, page):
    typed = form_of(desk, page, name="Asha Rao")
    Customer.objects.update(name="Asha Devi")
    told = desk.post(page, typed).context["adminform"].form

    assert desk.post(page, typed | {"as_seen": told.as_seen}).status_code == 302

    assert Customer.objects.get().name == "Asha Rao"


def test_who_types_the_same_as_the_other_is_asked_nothing(desk, asha, page):
    typed = form_of(desk, page, name="Asha Rao")
    Customer.objects.update(name="Asha Rao")

    assert desk.post(page, typed).status_code == 302


@pytest.mark.parametrize("odd", ["", "x", "[]", "7", '{"name": 7}', "null"])
def test_what_no_page_ever_showed_is_no_fault(desk, asha, page, odd):
    assert desk.post(page, form_of(desk, page, as_seen=odd)).status_code in (200, 302)

"""Paying by UPI."""

from urllib.parse import parse_qs, urlsplit

import pytest

from billing import upi
from billing.checks import settings_of_bills
from billing.models import Payment
from billing.tests.conftest import BILLS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_address(settings):
    settings.UPI_VPA, settings.UPI_NAME = "earlybird@okaxis", "EarlyBird"


def test_the_link_asks_for_what_is_still_to_pay(bill, asha):
    Payment.objects.create(customer=asha, amount="200.50", method="upi", bill=bill)

    assert upi.link(bill) == (
        "upi://pay?pa=earlybird@okaxis&pn=EarlyBird&am=249.50&cu=INR&tn=BILL-202611-0001&tr=BILL2026110001"
    )


@pytest.mark.parametrize("name", ["Milk & Honey", "दूध + घी", "Asha's = 100% #1?"])
def test_a_name_with_signs_in_it_comes_out_as_it_was(bill, settings, name):
    settings.UPI_NAME = name
    address = upi.link(bill)

    assert parse_qs(urlsplit(address).query)["pn"] == [name]
    assert "+" not in address
    assert " " not in address


def test_nothing_to_pay_is_no_link(bill, asha):
    Payment.objects.create(customer=asha, amount=450, method="upi", bill=bill)

    assert upi.link(bill) == ""


def test_no_address_is_no_link(bill, settings):
    settings.UPI_VPA = ""

    assert upi.link(bill) == ""


def test_the_code_is_a_picture_for_any_screen(bill):
    svg = upi.qr(upi.link(bill))

    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert "Pay by UPI" in svg


def test_the_api_gives_the_link(api, bill):
    assert api.get(f"{BILLS}/{bill.pk}").json()["upi_link"] == upi.link(bill)


@pytest.mark.parametrize("vpa", ["earlybird", "@okaxis", "early bird@okaxis", "a@b@c", "9876543210@", "x@1"])
def test_an_address_that_is_none_is_said(settings, vpa):
    settings.UPI_VPA = vpa

    assert [check.id for check in settings_of_bills()] == ["billing.E001"]


def test_good_settings_need_no_word(settings):
    assert settings_of_bills() == []
    settings.UPI_VPA = settings.UPI_NAME = ""
    assert settings_of_bills() == []


def test_a_missing_name_and_a_day_before_the_making_are_said(settings):
    settings.UPI_NAME, settings.BILL_DUE_DAYS = "", -1

    assert [check.id for check in settings_of_bills()] == ["billing.W001", "billing.E002"]

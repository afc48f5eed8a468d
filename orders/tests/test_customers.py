import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from notifications import registry
from orders.models import Customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["98765 43210", "098765-43210", "+91 98765 43210", "9876543210"])
def test_a_number_is_kept_as_e164_however_it_was_typed(typed):
    assert Customer.objects.create(name="Asha", phone=typed).phone == "+919876543210"
    assert Customer.objects.get().phone == "+919876543210"


def test_a_form_keeps_the_number_as_e164():
    asha = Customer(name="Asha", phone="098765-43210")
    asha.full_clean()
    assert asha.phone == "+919876543210"


@pytest.mark.parametrize("typed", ["12345", "asha@example.com", "+91 12345 67890"])
def test_a_form_names_the_phone_that_cannot_be_kept(typed):
    with pytest.raises(ValidationError) as refused:
        Customer(name="Asha", phone=typed).full_clean()
    assert list(refused.value.message_dict) == ["phone"]


@pytest.mark.parametrize("typed", ["12345", "", None])
def test_saving_names_the_phone_that_cannot_be_kept(typed):
    with pytest.raises(ValidationError) as refused:
        Customer.objects.create(name="Asha", phone=typed)
    assert list(refused.value.message_dict) == ["phone"]


def test_one_number_typed_two_ways_is_one_customer(asha):
    with pytest.raises(ValidationError, match="Another customer has this phone number already"):
        Customer(name="Asha again", phone="+91-98765-43210").full_clean()


def test_a_customer_is_found_by_the_number_as_people_type_it(asha):
    assert Customer.objects.get(phone="098765-43210") == asha


def test_the_database_refuses_a_number_written_past_python(asha):
    with pytest.raises(IntegrityError, match="customer_phone_e164"), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_customer SET phone = '98765 43210'")


def test_a_sign_in_user_sees_the_number_staff_bound_to_them(asha):
    asha.user = get_user_model().objects.create_user("asha")
    asha.save()
    assert registry.phones(asha.user) == {"+919876543210"}


def test_a_sign_in_user_nobody_bound_sees_no_number(asha):
    assert registry.phones(get_user_model().objects.create_user("stranger")) == set()

"""Whose deliveries a person sees, and who may work them."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from delivery.tests.conftest import LIST, ids
from orders.models import Customer
from orders.tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_an_agent_sees_what_was_given_to_him_and_nothing_else(as_bilal, his, imrans):
    assert ids(as_bilal.get(LIST)) == [his.pk]
    assert as_bilal.get(f"{LIST}/{imrans.pk}").status_code == 404
    assert as_bilal.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 404


def test_an_agent_works_what_was_given_to_him(as_bilal, his, later):
    body = {"eta": later.isoformat()}
    assert as_bilal.post(f"{LIST}/{his.pk}/delay", body, format="json").status_code == 200
    assert as_bilal.post(f"{LIST}/{his.pk}/mark-delivered").json()["status"] == "delivered"


def test_an_agent_does_not_choose_the_agent(as_bilal, his):
    assert as_bilal.patch(f"{LIST}/{his.pk}", {"agent": None}, format="json").status_code == 403


def test_an_agent_who_is_a_customer_too_sees_his_own_and_may_not_mark_it(as_bilal, bilal, his, imrans):
    Customer.objects.filter(pk=imrans.order.customer_id).update(user=bilal.user)
    assert ids(as_bilal.get(LIST)) == [imrans.pk, his.pk]
    assert as_bilal.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 403


def test_staff_without_a_permission_see_all_and_work_what_was_given_to_them(as_bilal, bilal, his, imrans):
    User.objects.filter(pk=bilal.user_id).update(is_staff=True)
    as_bilal.force_authenticate(User.objects.get(pk=bilal.user_id))
    assert ids(as_bilal.get(LIST)) == [imrans.pk, his.pk]
    assert as_bilal.post(f"{LIST}/{his.pk}/mark-delivered").status_code == 200
    assert as_bilal.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 403


def test_a_customer_sees_their_own_and_may_not_work_it(as_asha, delivery, imrans, later):
    assert ids(as_asha.get(LIST)) == [delivery.pk]
    assert as_asha.post(f"{LIST}/{delivery.pk}/mark-delivered").status_code == 403
    assert as_asha.post(f"{LIST}/{delivery.pk}/delay", {"eta": later}, format="json").status_code == 403
    assert as_asha.get(f"{LIST}/{imrans.pk}").status_code == 404
    assert as_asha.post(f"{LIST}/{imrans.pk}/mark-delivered").status_code == 404


def test_who_has_not_signed_in_sees_nothing(delivery):
    """Asha has no user, and neither has the stranger."""
    assert APIClient().get(LIST).status_code == 401
    assert APIClient().get(f"{LIST}/{delivery.pk}").status_code == 401
    assert APIClient().post(f"{LIST}/{delivery.pk}/mark-delivered").status_code == 401


@pytest.mark.parametrize(("permission", "status"), [("change_delivery", 200), ("add_delivery", 403)])
def test_staff_need_the_permission_to_change(delivery, permission, status):
    dev = User.objects.create_user("dev", is_staff=True)
    for name in (permission, "view_delivery"):
        dev.user_permissions.add(Permission.objects.get(codename=name))
    answer = signed_in(dev).patch(f"{LIST}/{delivery.pk}", {"agent": None}, format="json")
    assert answer.status_code == status

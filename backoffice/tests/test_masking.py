"""Who sees a number whole."""

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse

from backoffice.masking import Looking, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_by(rf):
    """What a page of the desk writes for a number when this user looks."""

    def seen(user, path="/admin/"):
        request = rf.get(path)
        request.user = user
        return Looking(lambda _: HttpResponse(shown("+919876543210")))(request).content.decode()

    return seen


def test_a_number_is_masked_for_who_has_not_the_right_to_see_it(seen_by):
    assert seen_by(User.objects.create(username="chitra", is_staff=True)) == "+91••••••3210"


def test_a_number_is_whole_for_who_has(seen_by):
    chitra = User.objects.create(username="chitra", is_staff=True)
    chitra.user_permissions.add(Permission.objects.get(codename="see_numbers"))

    assert seen_by(User.objects.get(pk=chitra.pk)) == "+919876543210"


def test_a_number_is_masked_where_nobody_looks(seen_by):
    assert seen_by(User(is_superuser=True, is_active=True), "/elsewhere/") == "+91••••••3210"
    assert shown("+919876543210") == "+91••••••3210"

"""The menu: what this user may see, and which entry the open page lies under."""

import pytest
from django.contrib.auth.models import User

from earlybird.desk import menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_entries(rf):
    """The titles marked as open on a page that somebody who may do everything looks at."""

    def marked(path):
        request = rf.get(path)
        request.user = User(is_superuser=True, is_active=True)
        return [item["title"] for group in menu.groups(request) for item in group["items"] if item["active"]]

    return marked


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/admin/", "Today"),
        ("/admin/notifications/message/7/change/", "Message log"),
        ("/admin/notifications/message/attention/", "Needs attention"),
        ("/admin/delivery/delivery/route-sheet/", "Route sheet"),
        ("/admin/delivery/delivery/", "Deliveries"),
    ],
)
def test_one_entry_is_marked_and_it_is_the_nearest(open_entries, path, title):
    assert open_entries(path) == [title]


def test_a_group_that_holds_nothing_for_this_user_is_left_out(rf):
    request = rf.get("/admin/")
    request.user = User.objects.create(username="ravi")

    assert [item["title"] for group in menu.groups(request) for item in group["items"]] == ["Today"]

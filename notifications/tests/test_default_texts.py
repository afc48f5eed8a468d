"""A new kind needs no migration to have its texts."""

import pytest

from notifications import default_texts
from notifications.models import MessageTemplate, TemplateVersion
from notifications.tests.conftest import NEWS

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(texts):
    MessageTemplate.objects.filter(kind=NEWS.code).delete()


def test_a_kind_without_a_text_gets_its_own_with_a_first_version(declared):
    default_texts.install()
    assert MessageTemplate.objects.get(kind=NEWS.code).content == NEWS.texts["en"]
    assert TemplateVersion.objects.get(template__kind=NEWS.code).number == 1


def test_what_staff_wrote_stays(declared):
    MessageTemplate.objects.create(kind=NEWS.code, content="Namaste {{name}}")
    default_texts.install()
    assert MessageTemplate.objects.get(kind=NEWS.code).content == "Namaste {{name}}"

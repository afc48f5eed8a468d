"""What a text is refused for on save: that no message could be made of it."""

import pytest
from django.core.exceptions import ValidationError

from notifications.models import MessageTemplate
from notifications.tests.conftest import NEWS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("x" * 1025, "WhatsApp takes 1,024"),
        ("{{name}}" + "x" * 1022, "Filled with samples"),
        ("{# only a remark #}", "empty"),
        ("{% if name is defined %}{% endif %}", "empty"),
        ("\u200b", "seen|empty"),
        ("{% for x in y %}{% endfor %}", "Line 1"),
        ("{{nam}}", "name"),
    ],
)
def test_a_text_that_makes_no_message_is_refused_on_save(texts, content, why):
    text = MessageTemplate.objects.get(kind=NEWS.code)
    text.content = content
    with pytest.raises(ValidationError, match=why) as refused:
        text.save()
    assert "content" in refused.value.message_dict
    text.refresh_from_db()
    assert (text.content, text.version) == (NEWS.texts["en"], 1)

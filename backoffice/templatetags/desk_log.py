"""What the templates of lists write by code."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from backoffice import rows

register = template.Library()


@register.simple_tag
def log_table(cl: Any) -> SafeString:
    return rows.table(cl)

"""`{% load desk %}`: what our own pages share with the lists."""

from __future__ import annotations

from django import template

from backoffice import marks

register = template.Library()
register.filter("grouped", marks.grouped)


@register.simple_tag
def status(code: str, words: object) -> str:
    """`{% status bill.status bill.get_status_display %}`."""
    return marks.status(code, words)

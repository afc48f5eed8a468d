"""`{% load desk %}`: what our own pages share with the lists."""

from __future__ import annotations

from django import template
from django.urls import reverse

from backoffice import marks
from backoffice.links import link, may_open

register = template.Library()
register.filter("grouped", marks.grouped)
register.filter("openable", may_open)


@register.simple_tag
def status(code: str, words: object) -> str:
    """`{% status bill.status bill.get_status_display %}`."""
    return marks.status(code, words)


@register.simple_tag
def desk_link(name: str, pk: object, words: object) -> str:
    """A row's page by the name of its address; only the words for who may not open it."""
    return link(reverse(name, args=(pk,)), words)


@register.simple_tag
def address_link(address: str, words: object) -> str:
    return link(address, words)

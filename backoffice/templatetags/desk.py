"""Links that are links for who may open them, and words for everybody else."""

from __future__ import annotations

from django import template
from django.urls import reverse

from backoffice.links import link

register = template.Library()


@register.simple_tag
def desk_link(name: str, pk: object, words: object) -> str:
    """A row's page by the name of its address."""
    return link(reverse(name, args=(pk,)), words)


@register.simple_tag
def address_link(address: str, words: object) -> str:
    return link(address, words)

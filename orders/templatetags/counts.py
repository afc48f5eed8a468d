"""Counts of customers and messages, as the desk writes them."""

from django.template import Library

register = Library()


@register.filter
def grouped(count: int) -> str:
    """12345 is `12,345`."""
    return f"{count:,}"

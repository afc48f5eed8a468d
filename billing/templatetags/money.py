"""Rupees in pages."""

from django import template

from billing.rupees import written

register = template.Library()
register.filter("rupees", written)

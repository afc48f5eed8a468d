"""Whence a request comes."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

HOME = 64  # bits of an IPv6 address that one home has; whoever has them has all addresses below


def whence(request: HttpRequest) -> str | None:
    """The address of whoever asks, an IPv6 one without what they choose of it; None where nobody knows.

    X-Forwarded-For is believed only behind the one proxy that `BEHIND_TLS` speaks of, and of it only the last
    entry: that is the proxy's own, the others are the caller's.
    """
    seen = str(request.META.get("REMOTE_ADDR") or "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return (_plain(told) if settings.BEHIND_TLS else None) or _plain(seen)


def _plain(text: str) -> str | None:
    """`192.0.2.7:4711`, `[2001:db8::1]:80`, `2001:db8::1`, without the port."""
    for form in (text, text.rpartition(":")[0], text.rpartition(":")[0].strip("[]"), text.strip("[]")):
        try:
            address = ip_address(form)
        except ValueError:
            continue
        return str(_home(address) if isinstance(address, IPv6Address) else address)
    return None


def _home(address: IPv6Address) -> object:
    own = 128 - HOME
    return address.ipv4_mapped or IPv6Address(int(address) >> own << own)

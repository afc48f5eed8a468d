"""A provider for a laptop without anything: prints what would be sent, the number masked."""

from __future__ import annotations

import sys

from notifications.providers.base import Accepted, Outgoing


class Console:
    def send(self, outgoing: Outgoing) -> Accepted:
        number = f"{outgoing.phone[:3]}••••••{outgoing.phone[-4:]}"
        sys.stdout.write(f"WhatsApp to {number}: {outgoing.text}\n")
        sys.stdout.flush()
        return Accepted(f"console-{outgoing.reference}")

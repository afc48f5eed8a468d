"""What stands in for MyOperator where its address is the real one and no key is set: nothing leaves."""

from __future__ import annotations

from notifications.providers.base import Accepted, ChannelDown, Outgoing


class Unconfigured:
    def send(self, outgoing: Outgoing) -> Accepted:
        """Keep customers' numbers and texts at home; the channel says why and its probes look again."""
        raise ChannelDown("MYOPERATOR_API_KEY is not set, so nothing is sent.", "no_credentials")

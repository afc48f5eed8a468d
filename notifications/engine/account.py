"""What the provider says of our account, for those that are not the engine."""

from __future__ import annotations

from notifications.engine.process import engine
from notifications.providers.base import Account, ChannelDown, Listing

SECONDS = 10.0  # for each page


def listed_templates() -> Listing:
    """The account's templates, as they are at this moment. Raises a `providers.base.Failure`."""
    provider = engine().slots.provider
    if not isinstance(provider, Account):
        raise ChannelDown("What MYOPERATOR_API names knows no approved templates.", "no_templates")
    return provider.templates(SECONDS)

"""By which API messages leave: the table of what `MYOPERATOR_API` may say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings

from notifications.providers.base import Provider
from notifications.providers.console import Console
from notifications.providers.memory import Memory
from notifications.providers.myoperator_chat import Chat
from notifications.providers.myoperator_send_message import SendMessage
from notifications.providers.transport import Transport
from notifications.providers.unconfigured import Unconfigured


class Api(NamedTuple):
    """How the provider is made, and the settings that a shop needs for it. Without `needs` it reaches nobody."""

    make: Callable[[], Provider]
    needs: tuple[str, ...] = ()


def provider() -> Provider:
    """The provider that `MYOPERATOR_API` names. Raises ValueError for a name nobody knows."""
    api = APIS.get(settings.MYOPERATOR_API)
    if api is None:
        raise ValueError(f"MYOPERATOR_API={settings.MYOPERATOR_API!r}: use one of {', '.join(APIS)}.")
    at_home = settings.MYOPERATOR_BASE_URL == settings.MYOPERATOR_REAL_URL and not settings.MYOPERATOR_API_KEY
    return Unconfigured() if api.needs and at_home else api.make()


def _send_message() -> SendMessage:
    return SendMessage(
        base_url=settings.MYOPERATOR_BASE_URL,
        api_key=settings.MYOPERATOR_API_KEY,
        api_secret=settings.MYOPERATOR_API_SECRET,
        account_id=settings.MYOPERATOR_ACCOUNT_ID,
        transport=Transport(settings.NOTIFICATION_SLOTS),
    )


def _chat() -> Chat:
    return Chat(
        base_url=settings.MYOPERATOR_BASE_URL,
        api_key=settings.MYOPERATOR_API_KEY,
        company_id=settings.MYOPERATOR_COMPANY_ID,
        phone_number_id=settings.MYOPERATOR_PHONE_NUMBER_ID,
        waba_id=settings.MYOPERATOR_WABA_ID,
        transport=Transport(settings.NOTIFICATION_SLOTS),
    )


_OF_EVERY_SHOP = ("MYOPERATOR_PHONE_NUMBER", "MYOPERATOR_WEBHOOK_SECRETS")
_OF_SEND_MESSAGE = ("MYOPERATOR_API_KEY", "MYOPERATOR_API_SECRET", "MYOPERATOR_ACCOUNT_ID")
_OF_CHAT = (
    "MYOPERATOR_API_KEY",
    "MYOPERATOR_COMPANY_ID",
    "MYOPERATOR_PHONE_NUMBER_ID",
    "MYOPERATOR_WABA_ID",
)

APIS: dict[str, Api] = {
    "send-message": Api(_send_message, (*_OF_SEND_MESSAGE, *_OF_EVERY_SHOP)),
    "chat": Api(_chat, (*_OF_CHAT, *_OF_EVERY_SHOP)),
    "memory": Api(Memory),
    "console": Api(Console),
}

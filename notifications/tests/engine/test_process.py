"""Which provider a process gets."""

import pytest

from notifications.engine import process
from notifications.providers.base import ChannelDown, Outgoing
from notifications.providers.myoperator_chat import Chat
from notifications.providers.myoperator_send_message import SendMessage


@pytest.mark.parametrize("api", ["send-message", "chat"])
def test_without_a_key_nothing_leaves_for_the_real_address(settings, api):
    settings.MYOPERATOR_API, settings.MYOPERATOR_API_KEY = api, ""
    settings.MYOPERATOR_BASE_URL = settings.MYOPERATOR_REAL_URL
    with pytest.raises(ChannelDown, match="MYOPERATOR_API_KEY is not set"):
        process.provider().send(Outgoing("1", "+919876543210", "Hello"))


def test_an_address_of_ones_own_is_used_with_or_without_a_key(settings):
    settings.MYOPERATOR_API, settings.MYOPERATOR_API_KEY = "send-message", ""
    settings.MYOPERATOR_BASE_URL = "http://127.0.0.1:9"
    assert isinstance(process.provider(), SendMessage)


def test_chat_gets_all_that_its_requests_name(settings):
    settings.MYOPERATOR_API, settings.MYOPERATOR_API_KEY = "chat", "key"
    settings.MYOPERATOR_COMPANY_ID, settings.MYOPERATOR_PHONE_NUMBER_ID = "company", "106"
    settings.MYOPERATOR_WABA_ID = "102"
    chat = process.provider()
    assert isinstance(chat, Chat)
    assert (chat.company_id, chat.phone_number_id, chat.waba_id) == ("company", "106", "102")


def test_an_unknown_api_gets_a_sentence(settings):
    settings.MYOPERATOR_API = "pigeon"
    with pytest.raises(ValueError, match="MYOPERATOR_API='pigeon'"):
        process.provider()

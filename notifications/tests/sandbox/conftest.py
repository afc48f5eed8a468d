from collections.abc import Iterator

import pytest

from notifications.sandbox.client import Sandbox, running

from .cast import Receiver, receiving


@pytest.fixture(scope="package")
def server() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server: Sandbox) -> Sandbox:
    server.reset()
    return server


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="package")
def posting_server(mailbox: Receiver) -> Iterator[Sandbox]:
    delays = {"sent": 0.02, "delivered": 0.06, "read": 0.1}
    with running(webhook_url=mailbox.url, settings={"receipt_delays": delays}) as sandbox:
        yield sandbox


@pytest.fixture
def posting(posting_server: Sandbox, mailbox: Receiver) -> Sandbox:
    """A sandbox that posts its webhooks, soon, to `mailbox`."""
    posting_server.reset()
    mailbox.forget()
    return posting_server

"""What the sandbox is started with. Every option is also read from the environment as SANDBOX_<NAME>."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


def _option(default: str | int | bool, about: str) -> Any:
    return field(default=default, metadata={"help": about})


@dataclass(frozen=True, slots=True)
class Options:
    host: str = _option("127.0.0.1", "address to listen on")
    port: int = _option(9009, "port of the APIs, the pages and the controls; 0 takes a free one")
    control_port: int = _option(
        -1, "second port for pages and controls, up in every mode; 0 takes a free one, -1 has none"
    )
    api_key: str = _option("sandbox-key", "API key it accepts")
    api_secret: str = _option("sandbox-secret", "API secret it accepts")
    account_id: str = _option("sandbox-account", "account_id it accepts")
    company_id: str = _option("sandbox-company", "company id it accepts, and names in webhooks")
    phone_number_id: str = _option("106540352242922", "sending number's id it accepts, and names in webhooks")
    waba_id: str = _option("102290129340398", "WhatsApp Business account whose templates it lists")
    business_name: str = _option("EarlyBird", "name on top of the customer's phone")
    webhook_url: str = _option("http://127.0.0.1:8000/webhooks/myoperator", "where webhooks are posted")
    webhook_secret: str = _option("sandbox-webhook-secret", "sent with webhooks as the setting auth says")
    webhook_user: str = _option("sandbox", "user of Basic authentication; the secret is its password")
    journal: str = _option("", "file to which every accepted message is appended as a line of JSON")
    refuse: str = _option("", "refuse (400) every message whose text contains this")
    begin: str = _option("", 'settings to begin with, as for PUT /sandbox/settings: {"latency_ms": 100}')
    templates: str = _option("", "file of the templates to begin with: JSON, as for PUT /sandbox/templates")
    die_with_parent: bool = _option(False, "stop when the process that started it dies (Linux)")


def add_arguments(parser: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ) -> None:
    """One --option per field of Options."""
    for spec in fields(Options):
        flag = "--" + spec.name.replace("_", "-")
        about = spec.metadata["help"]
        if isinstance(spec.default, bool):
            parser.add_argument(flag, action="store_true", help=about)
            continue
        default = environ.get(f"SANDBOX_{spec.name.upper()}", spec.default)
        parser.add_argument(flag, type=type(spec.default), default=default, help=f"{about} (%(default)s)")


def options_from(parsed: Mapping[str, Any]) -> Options:
    return Options(**{spec.name: parsed[spec.name] for spec in fields(Options)})

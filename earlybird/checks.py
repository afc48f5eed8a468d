"""What is wrong with the project's own settings for production."""

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

ONLY_HERE = {"127.0.0.1", "localhost", "[::1]"}


@register(Tags.security, deploy=True)
def settings_are_for_production(**_: object) -> list[CheckMessage]:
    """With `check --deploy`: what a laptop may lack and a shop may not."""
    return [*_secret_key(), *_hosts(), *_servers()]


def _secret_key() -> Iterator[CheckMessage]:
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY:
        yield Error(
            "SECRET_KEY is the one that everybody can read in the source.",
            hint="Set SECRET_KEY to 50 random characters, and keep it to yourself.",
            id="earlybird.E001",
        )


def _hosts() -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS or set(settings.ALLOWED_HOSTS) <= ONLY_HERE:
        yield Error(
            "ALLOWED_HOSTS does not name the shop's address.",
            hint="Set it to the names people and MyOperator reach us by, for example earlybird.example.com.",
            id="earlybird.E002",
        )


def _servers() -> Iterator[CheckMessage]:
    for is_embedded, name in (
        (settings.EMBEDDED_DATABASE, "DATABASE_URL"),
        (settings.EMBEDDED_REDIS, "REDIS_URL"),
    ):
        if is_embedded:
            yield Error(
                f"{name} is not set: the embedded server is for a laptop.",
                hint=f"Set {name} to a server of its own, with backups.",
                id="earlybird.E003",
            )

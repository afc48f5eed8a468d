"""`manage.py apitoken USERNAME`: a new token for the API, shown once."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.models import AuthToken


class Command(BaseCommand):
    """Prints the token and nothing else, so that a script can take it. The database keeps a hash."""

    help = "Print a new API token for a user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, help="How long it is valid; without it, until it is revoked.")

    def handle(self, *args: object, username: str, days: int | None, **options: object) -> str:
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("--days is a number from 1 to 3650.")
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}: make one with manage.py createsuperuser.")
        if not user.is_active:
            raise CommandError(f"The user {username} is switched off: no token of theirs would work.")
        return AuthToken.objects.create(user, expiry=days and timedelta(days=days))[1]

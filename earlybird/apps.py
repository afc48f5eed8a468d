from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EarlybirdConfig(AppConfig):
    name = "earlybird"

    def ready(self) -> None:
        from earlybird import checks  # noqa: F401
        from earlybird.desk.giving import give

        # The last of INSTALLED_APPS: by then every app has its permissions.
        post_migrate.connect(give, sender=self, dispatch_uid="earlybird.groups")

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EarlybirdConfig(AppConfig):
    name = "earlybird"

    def ready(self) -> None:
        from django.contrib import admin

        from earlybird import checks  # noqa: F401
        from earlybird.desk import person  # noqa: F401
        from earlybird.desk.giving import give

        admin.site.index_template = "desk/dashboard.html"
        # The last of INSTALLED_APPS: by then every app has its permissions.
        post_migrate.connect(give, sender=self, dispatch_uid="earlybird.groups")

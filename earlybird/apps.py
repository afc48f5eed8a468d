from django.apps import AppConfig


class EarlybirdConfig(AppConfig):
    name = "earlybird"

    def ready(self) -> None:
        from django.contrib import admin

        from earlybird import checks  # noqa: F401
        from earlybird.desk import person  # noqa: F401

        admin.site.index_template = "desk/dashboard.html"

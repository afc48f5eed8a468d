from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin

# What other packages call themselves says nothing to staff.
OTHERS = {"auth": "People who work here", "axes": "Sign-ins", "knox": "Access by API"}


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Desk"

    def ready(self) -> None:
        for label, words in OTHERS.items():
            apps.get_app_config(label).verbose_name = words


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the site of ours."""

    default = False
    default_site = "backoffice.site.Desk"

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Desk"


class DeskConfig(admin.AdminConfig):
    """Django's admin, with the site of ours."""

    default = False
    default_site = "backoffice.site.Desk"

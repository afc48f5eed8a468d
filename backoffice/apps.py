from django.apps import AppConfig, apps

# What other packages call themselves says nothing to staff.
OTHERS = {"auth": "People who work here", "axes": "Sign-ins", "knox": "Access by API"}


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Desk"

    def ready(self) -> None:
        for label, words in OTHERS.items():
            apps.get_app_config(label).verbose_name = words

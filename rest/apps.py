from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "rest"
    verbose_name = "REST API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rest import checks  # noqa: F401

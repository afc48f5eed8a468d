from django.apps import AppConfig


class EarlybirdConfig(AppConfig):
    name = "earlybird"

    def ready(self) -> None:
        from earlybird import checks  # noqa: F401

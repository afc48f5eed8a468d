from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Money"  # as the menu calls it

    def ready(self) -> None:
        from billing import checks, daily, erasure, messages, searching, signals  # noqa: F401

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = "Shop"  # as the menu calls it

    def ready(self) -> None:
        from orders import checks, daily, erasure, messages, searching, signals  # noqa: F401

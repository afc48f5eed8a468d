from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders import checks, daily, erasure, messages, searching, signals  # noqa: F401

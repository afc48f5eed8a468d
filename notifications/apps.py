from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Messages"  # as the menu calls it

    def ready(self) -> None:
        from notifications import acts, checks, default_texts, messages, registry  # noqa: F401
        from notifications.models.kind import OF_STAFF

        registry.more(OF_STAFF)
        post_migrate.connect(default_texts.install, sender=self)

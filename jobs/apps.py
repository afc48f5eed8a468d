from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Daily jobs"

    def ready(self) -> None:
        from jobs.install import install

        post_migrate.connect(install, sender=self, dispatch_uid="jobs.install")

"""A row for every declared job, after each `migrate`. What staff set is never touched."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from jobs import registry


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    from jobs.models import Job

    Job.objects.using(using).bulk_create(
        (Job(code=job.code, at=job.at) for job in registry.jobs()), ignore_conflicts=True
    )
